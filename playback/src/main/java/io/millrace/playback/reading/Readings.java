package io.millrace.playback.reading;

import io.millrace.api.error.AwsError;
import io.millrace.media.mkv.MkvFragment;
import io.millrace.media.track.Frame;
import io.millrace.media.track.MediaException;
import io.millrace.media.track.Track;
import io.millrace.playback.source.SourceStream;
import io.millrace.playback.source.StreamFinder;
import io.millrace.store.fragment.FragmentEntry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Opens readings. Thread-safe. */
public final class Readings {
  private final StreamFinder streams;
  private final ReadingSettings settings;
  private final AtomicInteger open = new AtomicInteger();

  public Readings(StreamFinder streams, ReadingSettings settings) {
    this.streams = streams;
    this.settings = settings;
  }

  /** Readings open now. */
  public int openReadings() {
    return open.get();
  }

  /**
   * Follows a stream from its newest keyframe on.
   *
   * @param context event loop of the reader
   * @return completes when the tracks are known; fails with RESOURCE_NOT_FOUND for an unknown
   *     stream or when no frame comes within the wait, CLIENT_LIMIT_EXCEEDED
   */
  public Future<Reading> live(Context context, String stream) {
    SourceStream source;
    try {
      source = streams.find(stream, null);
      enter();
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
    LiveReading reading = new LiveReading(source.log().live(), context, open::decrementAndGet);
    long timer =
        context.owner().setTimer(settings.startWait().toMillis(), late -> giveUp(context, reading));
    List<FragmentEntry> newest = source.log().newest(1);
    if (!newest.isEmpty()) {
      Future.fromCompletionStage(source.log().read(newest.getFirst()), context)
          .onSuccess(payload -> tracks(reading, payload));
    }
    return reading
        .opened()
        .<Reading>map(known -> reading)
        .recover(
            closed ->
                Future.failedFuture(
                    AwsError.RESOURCE_NOT_FOUND.because(
                        "Stream %s has no media now".formatted(stream))))
        .onComplete(done -> context.owner().cancelTimer(timer));
  }

  private static void giveUp(Context context, LiveReading reading) {
    context.runOnContext(late -> reading.close());
  }

  /** What was stored last tells the tracks of a stream that is silent right now. */
  private static void tracks(LiveReading reading, ByteBuffer payload) {
    try {
      MkvFragment fragment = MkvFragment.parse(payload);
      TrackSetups setups = new TrackSetups();
      setups.header(fragment.header());
      for (Frame frame : fragment.frames()) {
        var unused = setups.frame(frame.trackNumber(), 0, frame.keyframe(), false, frame.data());
      }
      List<Track> known = setups.playable();
      if (setups.ready()) {
        reading.knownTracks(known);
      }
    } catch (MediaException e) {
      // The frames to come will tell.
    }
  }

  /**
   * Reads what is stored of a time range, from the keyframe at or before its start.
   *
   * @param startNanos epoch ns on the producer's clock
   * @param endNanos epoch ns, {@link Long#MAX_VALUE} for all there is
   * @return fails with RESOURCE_NOT_FOUND for an unknown stream or an empty range,
   *     CLIENT_LIMIT_EXCEEDED
   */
  public Future<Reading> replay(Context context, String stream, long startNanos, long endNanos) {
    SourceStream source;
    try {
      source = streams.find(stream, null);
      enter();
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
    ReplayReading reading =
        new ReplayReading(
            source.log(), context, startNanos, endNanos, settings, open::decrementAndGet);
    return reading
        .open()
        .<Reading>map(
            any -> {
              if (!any) {
                throw AwsError.RESOURCE_NOT_FOUND.because(
                    "Nothing of stream %s is stored in that range".formatted(stream));
              }
              return reading;
            })
        .onFailure(failed -> reading.close())
        .recover(failure -> Future.failedFuture(StreamFinder.failure(failure)));
  }

  private void enter() {
    if (open.incrementAndGet() > settings.maxReadings()) {
      open.decrementAndGet();
      throw AwsError.CLIENT_LIMIT_EXCEEDED.because(
          "The server has its most readings open: " + settings.maxReadings());
    }
  }
}
