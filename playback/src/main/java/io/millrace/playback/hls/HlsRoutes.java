package io.millrace.playback.hls;

import io.millrace.api.error.AwsError;
import io.millrace.api.wire.OperationContext;
import io.millrace.playback.session.PlaybackMode;
import io.millrace.playback.session.PlaybackSession;
import io.millrace.playback.session.SessionTable;
import io.millrace.playback.source.SourceStream;
import io.millrace.playback.source.StreamFinder;
import io.millrace.store.fragment.FragmentEntry;
import io.millrace.store.fragment.FragmentNumber;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.time.InstantSource;

/** The four kinds of files that players fetch: two playlists, init and media segments. */
final class HlsRoutes {
  private static final String PLAYLIST = "application/vnd.apple.mpegurl";
  private static final String FRESH = "no-cache, no-store";
  private static final String FOREVER = "public, max-age=31536000, immutable";

  /** Playlists longer than this are written on a worker thread. */
  private static final int LOOP_FRAGMENTS = 250;

  private final Vertx vertx;
  private final SessionTable<HlsState> sessions;
  private final FormatCatalog formats;
  private final SegmentCache segments;
  private final SoundSegments sound;
  private final HlsSettings settings;
  private final InstantSource clock;
  private final HlsCounters counters;

  HlsRoutes(
      Vertx vertx,
      SessionTable<HlsState> sessions,
      FormatCatalog formats,
      SoundSegments sound,
      HlsSettings settings,
      InstantSource clock,
      HlsCounters counters) {
    this.vertx = vertx;
    this.sessions = sessions;
    this.formats = formats;
    this.sound = sound;
    this.segments = new SegmentCache(settings.segmentCacheBytes());
    this.settings = settings;
    this.clock = clock;
    this.counters = counters;
  }

  Future<Void> master(OperationContext context) {
    PlaybackSession<HlsState> session = session(context);
    return context
        .onContext(session.state().list(session.stream(), clock.millis()))
        .compose(
            listing -> {
              if (listing.fragments().isEmpty()) {
                throw AwsError.RESOURCE_NOT_FOUND.because(
                    "No fragments found in the stream for the streaming request.");
              }
              FragmentEntry first = listing.fragments().getFirst().entry();
              return context
                  .onContext(formats.of(session.stream(), first))
                  .map(format -> PlaylistWriter.master(session, format, peakBits(listing)));
            })
        .recover(failure -> Future.failedFuture(StreamFinder.failure(failure)))
        .compose(text -> playlist(context, text));
  }

  private static long peakBits(HlsState.Listing listing) {
    return listing.fragments().stream()
        .map(ListedFragment::entry)
        .mapToLong(entry -> entry.sizeBytes() * 8_000L / Math.max(1, millis(entry)))
        .max()
        .orElse(0);
  }

  private static long millis(FragmentEntry entry) {
    return entry.durationNanos() / 1_000_000;
  }

  Future<Void> media(OperationContext context) {
    PlaybackSession<HlsState> session = session(context);
    int track = track(context);
    return context
        .onContext(session.state().list(session.stream(), clock.millis()))
        .compose(
            listing ->
                listing.fragments().size() <= LOOP_FRAGMENTS
                    ? Future.succeededFuture(PlaylistWriter.media(session, listing, track))
                    : vertx.executeBlocking(() -> PlaylistWriter.media(session, listing, track)))
        .recover(failure -> Future.failedFuture(StreamFinder.failure(failure)))
        .compose(text -> playlist(context, text));
  }

  private Future<Void> playlist(OperationContext context, String text) {
    counters.playlists.increment();
    return send(context, PLAYLIST, FRESH, Buffer.buffer(text));
  }

  Future<Void> init(OperationContext context) {
    PlaybackSession<HlsState> session = session(context);
    int track = track(context);
    FragmentEntry example =
        session.state().formatExample(number(context, "SequenceNumber", 0, Integer.MAX_VALUE));
    return context
        .onContext(formats.of(session.stream(), example))
        .recover(failure -> Future.failedFuture(StreamFinder.failure(failure)))
        .compose(format -> send(context, "video/mp4", FOREVER, format.track(track).init()));
  }

  Future<Void> segment(OperationContext context) {
    PlaybackSession<HlsState> session = session(context);
    int track = track(context);
    String number = required(context, "FragmentNumber");
    SegmentCache.Key key = new SegmentCache.Key(session.stream().key(), number, track);
    Future<Segment> found =
        segments
            .peek(key)
            .map(Future::succeededFuture)
            .orElseGet(() -> segments.get(key, () -> build(context, session, number, track)));
    // Another viewer's build ends on that viewer's event loop.
    return context
        .onContext(found.toCompletionStage())
        .recover(failure -> Future.failedFuture(StreamFinder.failure(failure)))
        .compose(
            segment -> {
              checkScope(session, segment.entry());
              counters.segments.increment();
              counters.segmentBytes.add(segment.bytes().length());
              return send(context, "video/mp4", FOREVER, segment.bytes());
            });
  }

  /** A token gives access to what its session shows, not to the whole stream. */
  private static void checkScope(PlaybackSession<HlsState> session, FragmentEntry entry) {
    if (session.spec().mode() != PlaybackMode.LIVE && !session.spec().covers(entry)) {
      throw unknownFragment();
    }
  }

  private static RuntimeException unknownFragment() {
    return AwsError.RESOURCE_NOT_FOUND.because("The session has no such fragment");
  }

  private Future<Segment> build(
      OperationContext context, PlaybackSession<HlsState> session, String text, int track) {
    FragmentNumber number;
    try {
      number = FragmentNumber.parse(text);
    } catch (IllegalArgumentException e) {
      return Future.failedFuture(
          AwsError.INVALID_ARGUMENT.because("FragmentNumber is not a fragment number"));
    }
    SourceStream stream = session.stream();
    return context
        .onContext(stream.log().get(number))
        .compose(
            found -> {
              FragmentEntry entry = found.orElseThrow(HlsRoutes::unknownFragment);
              return context
                  .onContext(formats.of(stream, entry))
                  .compose(format -> remux(context, stream, entry, format, track));
            });
  }

  private Future<Segment> remux(
      OperationContext context,
      SourceStream stream,
      FragmentEntry entry,
      StreamFormat format,
      int track) {
    counters.segmentsBuilt.increment();
    PlayableTrack playable = format.track(track);
    if (playable.source().isPresent()) {
      return sound.build(context, stream, entry, playable, playable.source().get());
    }
    return context
        .onContext(stream.log().read(entry))
        .compose(
            payload ->
                entry.sizeBytes() <= settings.loopSegmentBytes()
                    ? Future.succeededFuture(
                        Segment.build(entry, FormatCatalog.parse(entry, payload), format, track))
                    : vertx.executeBlocking(
                        () ->
                            Segment.build(
                                entry, FormatCatalog.parse(entry, payload), format, track)));
  }

  private static Future<Void> send(
      OperationContext context, String type, String caching, Buffer body) {
    HttpServerResponse response = context.response();
    response.putHeader("content-type", type).putHeader("cache-control", caching);
    return response.end(body);
  }

  private PlaybackSession<HlsState> session(OperationContext context) {
    return sessions.get(required(context, "SessionToken"));
  }

  private static int track(OperationContext context) {
    return number(context, "TrackNumber", 1, StreamFormat.AAC_TRACK);
  }

  private static String required(OperationContext context, String name) {
    return context
        .queryParameter(name)
        .orElseThrow(() -> AwsError.INVALID_ARGUMENT.because(name + " is required"));
  }

  private static int number(OperationContext context, String name, int least, int most) {
    String text = required(context, name);
    try {
      int value = Integer.parseInt(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Told below, as a number out of range is.
    }
    throw AwsError.INVALID_ARGUMENT.because(
        "%s must be a number from %d to %d".formatted(name, least, most));
  }
}
