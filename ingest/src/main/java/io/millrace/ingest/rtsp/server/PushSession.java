package io.millrace.ingest.rtsp.server;

import io.millrace.ingest.feed.Feed;
import io.millrace.ingest.feed.FeedListener;
import io.millrace.ingest.feed.FeedOrigin;
import io.millrace.ingest.rtsp.message.RtspRequest;
import io.millrace.ingest.rtsp.message.RtspResponse;
import io.millrace.ingest.rtsp.message.RtspStatus;
import io.millrace.ingest.rtsp.message.TransportHeader;
import io.millrace.ingest.rtsp.request.MediaPath;
import io.millrace.ingest.rtsp.request.RequestRefused;
import io.millrace.ingest.sdp.MalformedDescription;
import io.millrace.ingest.sdp.MediaDescription;
import io.millrace.ingest.sdp.SessionDescription;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An encoder that pushes a stream: ANNOUNCE, SETUP of each track, RECORD. */
final class PushSession implements Session {
  /** How often reordered packets are looked at. */
  private static final long REORDER_MILLIS = 40;

  private final RtspEnvironment environment;
  private final Context context;
  private final String stream;
  private final String peer;
  private final FeedListener listener;
  private final List<PushTrack> tracks = new ArrayList<>();
  private @Nullable PushTrack asked;
  private @Nullable Feed feed;
  private boolean recording;
  private boolean ended;
  private long reorderTimer = -1;
  private long reportedNanos = System.nanoTime();

  /**
   * @param arrival when a packet that is handed to a track came
   * @param announce the ANNOUNCE
   * @param listener told what the feed says; closes the connection
   * @throws RequestRefused if it cannot be taken
   */
  PushSession(
      RtspEnvironment environment,
      Context context,
      ArrivalTime arrival,
      MediaPath path,
      RtspRequest announce,
      String peer,
      FeedListener listener) {
    this.environment = environment;
    this.context = context;
    this.peer = peer;
    this.listener = listener;
    if (path.replay()) {
      throw new RequestRefused(RtspStatus.METHOD_NOT_ALLOWED, "Push to /live/STREAM");
    }
    stream = path.stream();
    for (MediaDescription media : described(announce.body()).media()) {
      tracks.add(new PushTrack(tracks.size() + 1, media, environment, arrival));
    }
    if (tracks.size() > environment.settings().maxTracks()) {
      throw new RequestRefused(
          RtspStatus.BAD_REQUEST,
          "More than " + environment.settings().maxTracks() + " media sections");
    }
    if (tracks.stream().noneMatch(PushTrack::isStorable)) {
      throw new RequestRefused(
          RtspStatus.UNSUPPORTED_MEDIA_TYPE,
          "None of these can be stored: "
              + tracks.stream()
                  .flatMap(track -> track.media().rtpFormats().stream())
                  .map(format -> format.encoding())
                  .collect(Collectors.joining(", "))
              + "; known are H264, H265, VP8, VP9, AV1, MPEG4-GENERIC, OPUS, PCMU, PCMA");
    }
  }

  private SessionDescription described(String body) {
    try {
      return SessionDescription.parse(body, environment.settings().sdp());
    } catch (MalformedDescription e) {
      throw new RequestRefused(RtspStatus.BAD_REQUEST, String.valueOf(e.getMessage()));
    }
  }

  @Override
  public MediaTransport.Receiver track(MediaPath path, RtspRequest request) {
    if (recording) {
      throw new RequestRefused(
          RtspStatus.METHOD_NOT_VALID_IN_THIS_STATE, "The session records already");
    }
    PushTrack found = find(path, request.uri());
    if (found.isSetUp()) {
      throw new RequestRefused(
          RtspStatus.METHOD_NOT_VALID_IN_THIS_STATE, "The track is set up already");
    }
    asked = found;
    return found;
  }

  /** By its control attribute; encoders without those set their tracks up in order. */
  private PushTrack find(MediaPath path, String uri) {
    for (PushTrack track : tracks) {
      String control = track.media().control();
      if (!control.isEmpty()
          && (control.equals(path.control())
              || uri.endsWith("/" + control)
              || uri.equals(control))) {
        return track;
      }
    }
    return tracks.stream()
        .filter(track -> track.media().control().isEmpty() && !track.isSetUp())
        .findFirst()
        .orElseThrow(
            () ->
                new RequestRefused(
                    RtspStatus.NOT_FOUND, "The announced description has no such track"));
  }

  @Override
  public TransportHeader transport(MediaTransport transport) {
    if (asked != null) {
      asked.transport(transport);
    }
    return transport.header();
  }

  @Override
  public Future<RtspResponse> start(RtspRequest request) {
    if (!request.method().equals("RECORD") || recording) {
      throw new RequestRefused(
          RtspStatus.METHOD_NOT_VALID_IN_THIS_STATE, "This session is one that records");
    }
    if (tracks.stream().noneMatch(track -> track.isSetUp() && track.isStorable())) {
      throw new RequestRefused(
          RtspStatus.METHOD_NOT_VALID_IN_THIS_STATE, "No track that can be stored is set up");
    }
    return environment
        .feeds()
        .open(context, stream, FeedOrigin.RTSP_PUSH, peer, listener)
        .map(this::opened);
  }

  private RtspResponse opened(Feed into) {
    if (ended) {
      into.end(Feed.End.CONNECTION_LOST);
      return RtspResponse.of(RtspStatus.SESSION_NOT_FOUND);
    }
    feed = into;
    recording = true;
    environment.metrics().pushing.increment();
    tracks.forEach(track -> track.start(into));
    if (!tracks.stream().allMatch(PushTrack::isOrdered)) {
      reorderTimer =
          environment
              .vertx()
              .setPeriodic(
                  REORDER_MILLIS,
                  timer -> {
                    long now = System.nanoTime();
                    tracks.forEach(track -> track.tick(now));
                  });
    }
    return RtspResponse.of(RtspStatus.OK);
  }

  /** Whether the store is behind, so that the connection should be held back. */
  boolean isBehind() {
    return feed != null && feed.isBehind();
  }

  /** Encoders pause before they leave; one that goes on sending is stored all the same. */
  @Override
  public Future<RtspResponse> pause() {
    return Future.succeededFuture(RtspResponse.of(RtspStatus.OK));
  }

  @Override
  public void tick(long nowNanos) {
    tracks.forEach(PushTrack::publishCounts);
    if (recording
        && nowNanos - reportedNanos >= environment.settings().reportInterval().toNanos()) {
      reportedNanos = nowNanos;
      tracks.forEach(track -> track.report(nowNanos));
    }
  }

  @Override
  public boolean expectsMedia() {
    return true;
  }

  @Override
  public void end(Feed.End reason) {
    if (ended) {
      return;
    }
    ended = true;
    var unused = environment.vertx().cancelTimer(reorderTimer);
    tracks.forEach(PushTrack::end);
    if (recording) {
      environment.metrics().pushing.decrement();
    }
    if (feed != null) {
      feed.end(reason);
    }
  }
}
