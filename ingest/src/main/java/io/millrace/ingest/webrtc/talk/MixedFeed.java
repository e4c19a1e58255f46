package io.millrace.ingest.webrtc.talk;

import io.millrace.ingest.feed.Feed;
import io.millrace.ingest.rtp.clock.CaptureTime;
import io.millrace.media.track.Track;
import io.vertx.core.Context;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A feed whose sound has the viewers in it while they talk, with the times of the master's frames.
 * While nobody does, frames pass as they are. They are mixed on a worker thread; what comes
 * meanwhile waits, and goes on unmixed where too much of it does. Belongs to the feed's event loop.
 */
public final class MixedFeed implements Feed {
  private final Feed feed;
  private final Context context;
  private final Conversation conversation;
  private final int soundTrack;
  private final Consumer<ByteBuffer> master;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private boolean mixing;
  private boolean ended;

  /** A frame of the master in its place among those that wait. */
  private static final class Waiting {
    final CaptureTime time;
    final boolean keyframe;
    final byte[] packet;
    boolean done;
    @Nullable Mix mix;

    Waiting(CaptureTime time, boolean keyframe, ByteBuffer data, boolean done) {
      this.time = time;
      this.keyframe = keyframe;
      this.done = done;
      packet = new byte[data.remaining()];
      data.get(data.position(), packet);
    }
  }

  /**
   * @param soundTrack the track that is mixed, of Opus
   * @param master told what the master hears, packet by packet
   */
  public MixedFeed(
      Feed feed,
      Context context,
      Conversation conversation,
      int soundTrack,
      Consumer<ByteBuffer> master) {
    this.feed = feed;
    this.context = context;
    this.conversation = conversation;
    this.soundTrack = soundTrack;
    this.master = master;
  }

  @Override
  public void track(Track track) {
    feed.track(track);
  }

  @Override
  public void frame(int trackNumber, CaptureTime time, boolean keyframe, ByteBuffer data) {
    boolean talking =
        trackNumber == soundTrack && !ended && conversation.isTalking(System.nanoTime());
    if (trackNumber != soundTrack || (!talking && waiting.isEmpty())) {
      feed.frame(trackNumber, time, keyframe, data);
      return;
    }
    waiting.add(new Waiting(time, keyframe, data, !talking));
    if (waiting.size() > conversation.settings().maxWaitingFrames()) {
      conversation.missed(waiting.size());
      releaseAll();
    }
    mix();
  }

  /** Mixes what waits, all of it at once. */
  private void mix() {
    List<Waiting> frames = waiting.stream().filter(each -> !each.done).toList();
    if (mixing || frames.isEmpty()) {
      return;
    }
    mixing = true;
    context
        .executeBlocking(
            () -> {
              List<@Nullable Mix> mixes = new ArrayList<>();
              for (Waiting each : frames) {
                mixes.add(conversation.mix(each.packet));
              }
              return mixes;
            },
            false)
        .onComplete(
            mixed -> {
              mixing = false;
              for (int i = 0; i < frames.size(); i++) {
                frames.get(i).mix = mixed.succeeded() ? mixed.result().get(i) : null;
                frames.get(i).done = true;
              }
              release();
              mix();
            });
  }

  private void release() {
    while (!waiting.isEmpty() && waiting.peek().done) {
      goOn(waiting.remove());
    }
  }

  private void releaseAll() {
    while (!waiting.isEmpty()) {
      goOn(waiting.remove());
    }
  }

  private void goOn(Waiting frame) {
    Mix mix = frame.mix;
    feed.frame(
        soundTrack,
        frame.time,
        frame.keyframe,
        mix == null ? ByteBuffer.wrap(frame.packet) : mix.all());
    if (mix != null && mix.withoutMaster() != null) {
      master.accept(mix.withoutMaster());
    }
  }

  @Override
  public void lost(int trackNumber, long fromNanos, long toNanos, int packets, String reason) {
    feed.lost(trackNumber, fromNanos, toNanos, packets, reason);
  }

  /** What still waits goes on as it came. */
  @Override
  public void end(End reason) {
    ended = true;
    releaseAll();
    feed.end(reason);
  }

  @Override
  public boolean isBehind() {
    return feed.isBehind();
  }
}
