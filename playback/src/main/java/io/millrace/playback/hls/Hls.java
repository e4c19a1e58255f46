package io.millrace.playback.hls;

import io.millrace.api.wire.OperationRouter;
import io.millrace.playback.frame.DecoderPool;
import io.millrace.playback.session.SessionTable;
import io.millrace.playback.source.StreamFinder;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.time.InstantSource;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.GetHlsStreamingSessionUrlRequest;

/** HLS: the operation that opens sessions and the files they are made of. */
public final class Hls {
  private static final String PATH = "/hls/v1/";

  private final SessionUrlHandler sessionUrl;
  private final HlsRoutes routes;

  /**
   * @param decoders make AAC of sound that players do not take
   * @param publicUrl where clients reach this server, no trailing slash; asked for each session
   * @param random must not be guessable: session tokens come from it
   */
  public Hls(
      Vertx vertx,
      StreamFinder streams,
      DecoderPool decoders,
      HlsSettings settings,
      InstantSource clock,
      RandomGenerator random,
      Supplier<String> publicUrl,
      HlsCounters counters) {
    SessionTable<HlsState> sessions = new SessionTable<>(settings.sessions(), clock, random);
    FormatCatalog formats = new FormatCatalog(settings.cachedFormats());
    sessionUrl =
        new SessionUrlHandler(streams, sessions, formats, settings, clock, publicUrl, counters);
    routes =
        new HlsRoutes(
            vertx,
            sessions,
            formats,
            new SoundSegments(vertx, decoders, counters),
            settings,
            clock,
            counters);
  }

  /** Adds the operation and the four routes below {@code /hls/v1/}. */
  public void register(OperationRouter router) {
    router
        .service("kinesis-video-archived-media")
        .operation(
            "GetHLSStreamingSessionURL",
            GetHlsStreamingSessionUrlRequest::builder,
            sessionUrl::handle);
    router.route(HttpMethod.GET, PATH + "getHLSMasterPlaylist.m3u8", routes::master);
    router.route(HttpMethod.GET, PATH + "getHLSMediaPlaylist.m3u8", routes::media);
    router.route(HttpMethod.GET, PATH + "getMP4InitFragment.mp4", routes::init);
    router.route(HttpMethod.GET, PATH + "getMP4MediaFragment.mp4", routes::segment);
  }
}
