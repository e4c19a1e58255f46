package io.millrace.ingest.rtsp.client;

import io.millrace.ingest.feed.Feed;
import io.millrace.ingest.rtp.clock.CaptureTime;
import io.millrace.ingest.rtp.payload.AccessUnit;
import io.millrace.ingest.rtp.payload.PayloadFormats;
import io.millrace.ingest.rtp.payload.RtpFormat;
import io.millrace.ingest.rtp.receive.ReceiverListener;
import io.millrace.ingest.source.ProbeReport.ProbedTrack;
import io.millrace.ingest.source.TrackLook;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/** Looks at the frames of a played session and stores none. */
final class ProbeSink implements PlaySink {
  private final List<TrackLook> looks = new ArrayList<>();
  private final List<String> others = new ArrayList<>();

  @Override
  public Future<Void> began(List<RtpFormat> formats, List<String> unsupported) {
    others.addAll(unsupported);
    return Future.succeededFuture();
  }

  @Override
  public ReceiverListener receiver(int trackNumber, RtpFormat format) {
    TrackLook look = new TrackLook(format.encoding(), PayloadFormats.track(trackNumber, format));
    looks.add(look);
    return new ReceiverListener() {
      @Override
      public void frame(AccessUnit unit, CaptureTime time) {
        // The RTP clock, which no delay of the network moves in the few seconds that there are.
        long nanos = Math.round(unit.timestamp() * 1e9 / format.clockRate());
        look.frame(nanos, unit.keyframe(), unit.data());
      }

      @Override
      public void lost(long fromNanos, long toNanos, int packets, String reason) {}

      @Override
      public void keyframeWanted() {}
    };
  }

  @Override
  public boolean isBehind() {
    return false;
  }

  @Override
  public void ended(Feed.End why) {}

  /** Whether enough was seen of every track. */
  boolean isDone() {
    return !looks.isEmpty() && looks.stream().allMatch(TrackLook::isDone);
  }

  boolean sawAny() {
    return looks.stream().anyMatch(TrackLook::sawAny);
  }

  List<ProbedTrack> report() {
    List<ProbedTrack> all = new ArrayList<>();
    looks.forEach(look -> all.add(look.report()));
    others.forEach(other -> all.add(TrackLook.unsupported(other)));
    return all;
  }
}
