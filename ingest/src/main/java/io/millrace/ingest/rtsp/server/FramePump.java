package io.millrace.ingest.rtsp.server;

import io.millrace.ingest.outbound.FrameReading;
import io.millrace.ingest.outbound.FrameReading.OutFrame;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes frames from a reading and sends them, one after the other, in its pace. While the reader
 * has no room nothing is read: a live reading goes on at a later keyframe then, so that a slow
 * reader loses frames and not our memory.
 */
final class FramePump {
  /** Pauses of the past that are longer are not waited for. */
  private static final long MAX_PAUSE_NANOS = 2_000_000_000L;

  private static final long MILLI_NANOS = 1_000_000L;

  private final RtspEnvironment environment;
  private final Context context;
  private final FrameReading reading;
  private final List<PlayTrack> tracks;
  private final PlayPace pace;
  private final Consumer<@Nullable Throwable> end;
  private @Nullable OutFrame first;
  private boolean running;
  private boolean stopped;
  private boolean reported;
  private long paceNanos;
  private long paceCaptureNanos = Long.MIN_VALUE;
  private long lastNanos = Long.MIN_VALUE;

  /**
   * @param tracks those that are set up
   * @param end told when nothing more comes; null at the end of what is stored
   */
  FramePump(
      RtspEnvironment environment,
      Context context,
      FrameReading reading,
      List<PlayTrack> tracks,
      PlayPace pace,
      Consumer<@Nullable Throwable> end) {
    this.environment = environment;
    this.context = context;
    this.reading = reading;
    this.tracks = tracks;
    this.pace = pace;
    this.end = end;
  }

  /** The first frame, which is kept to be sent; null where there is none. */
  Future<@Nullable OutFrame> first() {
    return reading.next().onSuccess(frame -> first = frame).onFailure(failure -> reading.close());
  }

  void start() {
    OutFrame begin = first;
    first = null;
    if (begin != null && !stopped) {
      running = true;
      schedule(begin);
    }
  }

  boolean isRunning() {
    return running;
  }

  /** Capture time of the newest frame sent, {@link Long#MIN_VALUE} before the first. */
  long lastNanos() {
    return lastNanos;
  }

  void stop() {
    running = false;
    if (!stopped) {
      stopped = true;
      reading.close();
    }
  }

  private void next() {
    if (stopped) {
      return;
    }
    reading
        .next()
        .onComplete(
            result -> {
              if (stopped) {
                return;
              }
              OutFrame frame = result.succeeded() ? result.result() : null;
              if (frame != null) {
                schedule(frame);
              } else {
                stop();
                end.accept(result.cause());
              }
            });
  }

  private void schedule(OutFrame frame) {
    long now = System.nanoTime();
    long capture = frame.captureNanos();
    if (paceCaptureNanos == Long.MIN_VALUE || frame.afterGap()) {
      paceCaptureNanos = capture;
      paceNanos = now;
    }
    long waitNanos = paceNanos + pace.sendNanos(capture - paceCaptureNanos) - now;
    if (pace.speed() == 0 || waitNanos < MILLI_NANOS) {
      send(frame);
      return;
    }
    if (waitNanos > MAX_PAUSE_NANOS) {
      paceNanos -= waitNanos - MAX_PAUSE_NANOS;
      waitNanos = MAX_PAUSE_NANOS;
    }
    var unused =
        environment.vertx().setTimer(Math.max(1, waitNanos / MILLI_NANOS), due -> send(frame));
  }

  private void send(OutFrame frame) {
    if (stopped) {
      return;
    }
    lastNanos = Math.max(lastNanos, frame.captureNanos());
    Future<Void> room = Future.succeededFuture();
    for (PlayTrack track : tracks) {
      if (track.takes(frame)) {
        room = track.send(frame);
      }
    }
    if (!reported) {
      // Players learn at once which frame was captured when, and how tracks belong together.
      reported = true;
      tracks.forEach(PlayTrack::report);
    }
    if (room.isComplete()) {
      // Not called directly: a reading with many frames at hand would fill the stack.
      context.runOnContext(again -> next());
    } else {
      room.onComplete(drained -> next());
    }
  }
}
