package io.millrace.playback;

import io.millrace.api.wire.OperationRouter;
import io.millrace.playback.frame.Frames;
import io.millrace.playback.getmedia.GetMediaCounters;
import io.millrace.playback.getmedia.MediaOperations;
import io.millrace.playback.hls.Hls;
import io.millrace.playback.hls.HlsCounters;
import io.millrace.playback.reading.Readings;
import io.millrace.playback.source.StreamFinder;
import io.millrace.playback.timeline.TimelineRoute;
import io.millrace.store.stream.StreamCatalog;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** The door of this room: everything that turns stored fragments into answers. */
public final class Playback implements AutoCloseable {
  private final MediaOperations media;
  private final Hls hls;
  private final Frames frames;
  private final TimelineRoute timeline;
  private final Readings readings;
  private final PlaybackMetrics metrics;

  /**
   * Starts the decoder workers in the background.
   *
   * @param publicUrl where clients reach this server, no trailing slash; asked when a session URL
   *     is made, so it may be known only after the listeners are open
   * @param random must not be guessable: session tokens come from it
   * @param threads makes the decoder drivers, such as {@code frame-decoder-1}
   */
  public Playback(
      Vertx vertx,
      StreamCatalog catalog,
      PlaybackSettings settings,
      InstantSource clock,
      RandomGenerator random,
      Supplier<String> publicUrl,
      ThreadFactory threads) {
    StreamFinder streams = new StreamFinder(catalog);
    GetMediaCounters mediaCounters = new GetMediaCounters();
    HlsCounters hlsCounters = new HlsCounters();
    media = new MediaOperations(streams, settings.getMedia(), clock, mediaCounters);
    frames = new Frames(streams, settings.frames(), settings.decoders(), clock, threads);
    hls =
        new Hls(
            vertx,
            streams,
            frames.decoders(),
            settings.hls(),
            clock,
            random,
            publicUrl,
            hlsCounters);
    timeline = new TimelineRoute(streams, settings.timeline(), clock);
    readings = new Readings(streams, settings.readings());
    metrics = new PlaybackMetrics(mediaCounters, hlsCounters, frames.metrics());
  }

  /** Adds the operations and routes of this room. */
  public void register(OperationRouter router) {
    media.register(router);
    hls.register(router);
    frames.register(router);
    timeline.register(router);
  }

  /** Frames one after the other, for those who send them over other protocols. */
  public Readings readings() {
    return readings;
  }

  public PlaybackMetrics metrics() {
    return metrics;
  }

  /** Asks open GetMedia replies to end after the fragment they are at; for the start of a drain. */
  public void drain() {
    media.close();
  }

  /** Ends open replies and kills the decoder workers. */
  @Override
  public void close() {
    media.close();
    frames.close();
  }
}
