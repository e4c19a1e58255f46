package io.millrace.ingest.rtsp.server;

import io.millrace.ingest.feed.Feed;
import io.millrace.ingest.outbound.FrameReading;
import io.millrace.ingest.outbound.FrameReading.OutFrame;
import io.millrace.ingest.rtsp.message.RtspRequest;
import io.millrace.ingest.rtsp.message.RtspResponse;
import io.millrace.ingest.rtsp.message.RtspStatus;
import io.millrace.ingest.rtsp.message.TransportHeader;
import io.millrace.ingest.rtsp.request.MediaPath;
import io.millrace.ingest.rtsp.request.PlayRange;
import io.millrace.ingest.rtsp.request.RequestRefused;
import io.millrace.ingest.sdp.MediaDescription;
import io.millrace.ingest.sdp.SdpAttribute;
import io.millrace.ingest.sdp.SessionDescription;
import io.millrace.media.track.Track;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A reader: DESCRIBE, SETUP of each track, then PLAY and PAUSE as it likes. */
final class PlaySession implements Session {
  private static final Logger LOG = LoggerFactory.getLogger(PlaySession.class);
  private static final int FIRST_PAYLOAD_TYPE = 96;
  private static final String REPLAY_FEATURE = "onvif-replay";

  private final RtspEnvironment environment;
  private final Context context;
  private final MediaPath path;
  private PlayRange whole;
  private final Consumer<String> over;
  private final List<PlayTrack> tracks = new ArrayList<>();
  private String base = "";
  private boolean replayExtension;
  private @Nullable PlayTrack asked;
  private @Nullable FramePump pump;
  private @Nullable FramePump starting;
  private long reportedNanos = System.nanoTime();
  private boolean ended;

  /**
   * @param over called when nothing more comes because of a failure
   * @throws RequestRefused for times that cannot be read
   */
  PlaySession(RtspEnvironment environment, Context context, MediaPath path, Consumer<String> over) {
    this.environment = environment;
    this.context = context;
    this.path = path;
    this.over = over;
    whole = PlayRange.ofPath(path);
    PlayPace.ofPath(path);
  }

  /** Answers DESCRIBE. */
  Future<RtspResponse> describe(RtspRequest request, String address) {
    require(request);
    return open(whole)
        .compose(
            reading ->
                beginning(reading)
                    .map(
                        range -> {
                          whole = range;
                          return described(request, address, reading.tracks());
                        })
                    .onComplete(done -> reading.close()));
  }

  /** Times that count from the beginning need one: the first frame's, where none was asked for. */
  private Future<PlayRange> beginning(FrameReading reading) {
    if (!path.replay() || whole.startNanos() > 0) {
      return Future.succeededFuture(whole);
    }
    return reading
        .next()
        .map(
            first -> first == null ? whole : new PlayRange(first.captureNanos(), whole.endNanos()));
  }

  private static void require(RtspRequest request) {
    for (String header : request.headers().values("Require")) {
      for (String feature : header.split(",")) {
        if (!feature.strip().equals(REPLAY_FEATURE)) {
          throw RequestRefused.requires(feature.strip());
        }
      }
    }
  }

  private Future<FrameReading> open(PlayRange range) {
    Future<FrameReading> opening =
        path.replay()
            ? environment
                .frames()
                .replay(context, path.stream(), range.startNanos(), range.endNanos())
            : environment.frames().live(context, path.stream());
    long limitMillis = environment.settings().describeTimeout().toMillis();
    Future<FrameReading> opened = opening.timeout(limitMillis, TimeUnit.MILLISECONDS);
    // One that comes after all has nobody who reads it.
    opening.onSuccess(
        late -> {
          if (opened.failed()) {
            late.close();
          }
        });
    return opened.recover(
        failure ->
            Future.failedFuture(
                failure instanceof TimeoutException
                    ? new RequestRefused(
                        RtspStatus.NOT_FOUND, "Nothing has come on this stream yet")
                    : failure));
  }

  private RtspResponse described(RtspRequest request, String address, List<Track> found) {
    List<MediaDescription> media = new ArrayList<>();
    for (Track track : found) {
      try {
        PlayTrack described = new PlayTrack(track, FIRST_PAYLOAD_TYPE + tracks.size(), environment);
        tracks.add(described);
        media.add(described.description());
      } catch (IllegalArgumentException e) {
        // A codec without a payload format here; the other tracks are worth having.
        LOG.info("event=rtsp_track_left_out message=\"{}\"", e.getMessage());
      }
    }
    if (media.isEmpty()) {
      throw new RequestRefused(
          RtspStatus.UNSUPPORTED_MEDIA_TYPE, "No track of this stream can be sent over RTP");
    }
    base = request.uri().replaceFirst("\\?.*", "").replaceFirst("/+$", "");
    String range =
        path.replay() && whole.startNanos() > 0 ? whole.header(whole.startNanos()) : "npt=0-";
    SessionDescription session =
        new SessionDescription(
            path.stream(),
            List.of(new SdpAttribute("control", "*"), new SdpAttribute("range", range)),
            media);
    RtspResponse ok = RtspResponse.of(RtspStatus.OK);
    long id = environment.random().nextInt(1, Integer.MAX_VALUE);
    return new RtspResponse(ok.status(), ok.reason(), ok.headers(), session.write(id, address))
        .with("Content-Type", "application/sdp")
        .with("Content-Base", base + "/");
  }

  @Override
  public MediaTransport.Receiver track(MediaPath of, RtspRequest request) {
    require(request);
    replayExtension |= !request.headers().values("Require").isEmpty();
    PlayTrack found =
        tracks.stream()
            .filter(track -> track.control().equals(of.control()) || tracks.size() == 1)
            .findFirst()
            .orElseThrow(() -> new RequestRefused(RtspStatus.NOT_FOUND, "No such track"));
    if (found.isSetUp()) {
      throw new RequestRefused(
          RtspStatus.METHOD_NOT_VALID_IN_THIS_STATE, "The track is set up already");
    }
    asked = found;
    return found;
  }

  @Override
  public TransportHeader transport(MediaTransport transport) {
    TransportHeader header = transport.header();
    if (asked == null) {
      return header;
    }
    asked.transport(transport, replayExtension);
    return new TransportHeader(
        header.tcp(),
        header.multicast(),
        false,
        header.interleaved(),
        header.clientPorts(),
        header.serverPorts(),
        OptionalInt.of(asked.ssrc()));
  }

  @Override
  public Future<RtspResponse> start(RtspRequest request) {
    List<PlayTrack> set = tracks.stream().filter(PlayTrack::isSetUp).toList();
    if (!request.method().equals("PLAY") || set.isEmpty()) {
      throw new RequestRefused(RtspStatus.METHOD_NOT_VALID_IN_THIS_STATE, "First SETUP, then PLAY");
    }
    require(request);
    PlayPace pace = path.replay() ? PlayPace.of(path, request) : PlayPace.UNPACED;
    String asksFor = request.headers().value("Range").orElse("");
    if (asksFor.isEmpty() && pump != null && pump.isRunning()) {
      return Future.succeededFuture(RtspResponse.of(RtspStatus.OK));
    }
    PlayRange range = range(asksFor);
    stop();
    return open(range)
        .compose(
            reading -> {
              FramePump next = new FramePump(environment, context, reading, set, pace, this::ended);
              return next.first().map(frame -> playing(next, set, range, frame, pace));
            });
  }

  /** Without one it goes on where it was paused. */
  private PlayRange range(String header) {
    if (!path.replay()) {
      return whole;
    }
    if (!header.isEmpty()) {
      return whole.within(header);
    }
    return pump == null || pump.lastNanos() == Long.MIN_VALUE
        ? whole
        : new PlayRange(pump.lastNanos() + 1, whole.endNanos());
  }

  private RtspResponse playing(
      FramePump next,
      List<PlayTrack> set,
      PlayRange range,
      @Nullable OutFrame first,
      PlayPace pace) {
    if (ended || first == null) {
      next.stop();
      throw new RequestRefused(RtspStatus.INVALID_RANGE, "Nothing is stored there");
    }
    if (pump == null) {
      environment.metrics().playing.increment();
    }
    pump = next;
    starting = next;
    long from = first.captureNanos();
    RtspResponse response =
        RtspResponse.of(RtspStatus.OK)
            .with("Range", path.replay() ? range.header(from) : "npt=now-")
            .with(
                "RTP-Info",
                set.stream().map(track -> track.info(base, from)).collect(Collectors.joining(",")));
    return pace.told().isEmpty() ? response : response.with("Speed", pace.told());
  }

  /** The answer is on its way: packets may follow it. */
  void answered() {
    FramePump begin = starting;
    starting = null;
    if (begin != null) {
      begin.start();
    }
  }

  private void ended(@Nullable Throwable failure) {
    if (ended) {
      return;
    }
    if (failure == null) {
      tracks.stream().filter(PlayTrack::isSetUp).forEach(PlayTrack::bye);
    } else {
      over.accept(String.valueOf(failure.getMessage()));
    }
  }

  private void stop() {
    if (pump != null) {
      pump.stop();
    }
    starting = null;
  }

  @Override
  public Future<RtspResponse> pause() {
    stop();
    return Future.succeededFuture(RtspResponse.of(RtspStatus.OK));
  }

  @Override
  public void tick(long nowNanos) {
    long interval = environment.settings().reportInterval().toNanos();
    if (pump != null && pump.isRunning() && nowNanos - reportedNanos >= interval) {
      reportedNanos = nowNanos;
      tracks.stream().filter(PlayTrack::isSetUp).forEach(PlayTrack::report);
    }
  }

  /** A reader over TCP that takes what is sent is there, though it may say nothing. */
  @Override
  public boolean expectsMedia() {
    return pump == null || !pump.isRunning() || tracks.stream().anyMatch(PlayTrack::isUdp);
  }

  @Override
  public void end(Feed.End reason) {
    if (ended) {
      return;
    }
    ended = true;
    stop();
    if (pump != null) {
      environment.metrics().playing.decrement();
    }
    if (reason != Feed.End.CONNECTION_LOST) {
      tracks.forEach(PlayTrack::bye);
    }
    tracks.forEach(PlayTrack::end);
  }
}
