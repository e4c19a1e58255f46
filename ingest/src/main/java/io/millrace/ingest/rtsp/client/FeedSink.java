package io.millrace.ingest.rtsp.client;

import io.millrace.ingest.feed.Feed;
import io.millrace.ingest.feed.FeedListener;
import io.millrace.ingest.feed.FeedOrigin;
import io.millrace.ingest.feed.Feeds;
import io.millrace.ingest.rtp.clock.CaptureTime;
import io.millrace.ingest.rtp.payload.AccessUnit;
import io.millrace.ingest.rtp.payload.PayloadFormats;
import io.millrace.ingest.rtp.payload.RtpFormat;
import io.millrace.ingest.rtp.receive.ReceiverListener;
import io.millrace.ingest.source.Source;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Brings the frames of a played session into the stream of its source. */
final class FeedSink implements PlaySink {
  private final Context context;
  private final Feeds feeds;
  private final Source source;
  private final FeedListener listener;
  private @Nullable Feed feed;
  private volatile long frames;

  /**
   * @param listener told when the store has caught up or the feed is over
   */
  FeedSink(Context context, Feeds feeds, Source source, FeedListener listener) {
    this.context = context;
    this.feeds = feeds;
    this.source = source;
    this.listener = listener;
  }

  @Override
  public Future<Void> began(List<RtpFormat> formats, List<String> others) {
    return feeds
        .open(context, source.stream(), FeedOrigin.RTSP_PULL, source.name(), listener)
        .map(
            opened -> {
              feed = opened;
              for (int i = 0; i < formats.size(); i++) {
                opened.track(PayloadFormats.track(i + 1, formats.get(i)));
              }
              return null;
            });
  }

  @Override
  public ReceiverListener receiver(int trackNumber, RtpFormat format) {
    return new ReceiverListener() {
      @Override
      public void frame(AccessUnit unit, CaptureTime time) {
        Feed open = feed;
        if (open != null) {
          count();
          open.frame(trackNumber, time, unit.keyframe(), unit.data());
        }
      }

      @Override
      public void lost(long fromNanos, long toNanos, int packets, String reason) {
        Feed open = feed;
        if (open != null) {
          open.lost(trackNumber, fromNanos, toNanos, packets, reason);
        }
      }

      @Override
      public void keyframeWanted() {}
    };
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // written on one event loop only
  private void count() {
    frames++;
  }

  long frames() {
    return frames;
  }

  @Override
  public boolean isBehind() {
    Feed open = feed;
    return open != null && open.isBehind();
  }

  @Override
  public void ended(Feed.End why) {
    Feed open = feed;
    if (open != null) {
      open.end(why);
    }
  }
}
