package io.millrace.ingest.rtsp.server;

import io.millrace.api.net.AbruptClose;
import io.millrace.api.net.SocketReads;
import io.millrace.ingest.feed.Feed;
import io.millrace.ingest.feed.FeedListener;
import io.millrace.ingest.rtsp.auth.ServerAuthentication;
import io.millrace.ingest.rtsp.message.MalformedMessage;
import io.millrace.ingest.rtsp.message.RtspMessage;
import io.millrace.ingest.rtsp.message.RtspParser;
import io.millrace.ingest.rtsp.message.RtspRequest;
import io.millrace.ingest.rtsp.message.RtspResponse;
import io.millrace.ingest.rtsp.message.RtspStatus;
import io.millrace.ingest.rtsp.message.TransportHeader;
import io.millrace.ingest.rtsp.request.MediaPath;
import io.millrace.ingest.rtsp.request.RequestRefused;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client: its requests in order, and at most one session, which ends with the connection.
 * Belongs to one event loop.
 */
final class RtspConnection implements RtspParser.Sink, FeedListener {
  private static final Logger LOG = LoggerFactory.getLogger(RtspConnection.class);
  private static final long TICK_MILLIS = 1000;
  private static final String METHODS =
      "OPTIONS, DESCRIBE, ANNOUNCE, SETUP, PLAY, PAUSE, RECORD, TEARDOWN, GET_PARAMETER,"
          + " SET_PARAMETER";

  private final RtspEnvironment environment;
  private final NetSocket socket;
  private final SocketReads reads;
  private final Context context;
  private final RtspParser parser;
  private final String id;
  private final List<InterleavedTransport> interleaved = new ArrayList<>();
  private final Promise<Void> ended = Promise.promise();
  private final long timer;
  private Future<Void> last = Future.succeededFuture();
  private int waiting;
  private int refusals;

  /** Answers in a row that found no room. */
  private int unread;

  private @Nullable Session session;
  private boolean closed;
  private final ArrivalTime heard;

  RtspConnection(RtspEnvironment environment, NetSocket socket) {
    this.environment = environment;
    this.socket = socket;
    context = Vertx.currentContext();
    heard = new ArrivalTime(environment);
    parser = new RtspParser(environment.settings().messages());
    id = "%016x".formatted(environment.random().nextLong());
    socket.setWriteQueueMaxSize(environment.settings().maxUnsentBytes());
    reads = SocketReads.take(socket, this::bytes);
    socket.exceptionHandler(failure -> LOG.debug("event=rtsp_broken {}", failure.getMessage()));
    socket.closeHandler(gone -> finish(Feed.End.CONNECTION_LOST));
    timer = environment.vertx().setPeriodic(TICK_MILLIS, tick -> tick());
  }

  /** Completes when the connection is closed. */
  Future<Void> ended() {
    return ended.future();
  }

  private String peer() {
    return socket.remoteAddress().toString();
  }

  private void bytes(ByteBuffer bytes) {
    heard.now();
    if (closed) {
      return;
    }
    try {
      parser.feed(bytes, this);
    } catch (MalformedMessage e) {
      environment.metrics().malformed.increment();
      LOG.info("event=rtsp_malformed peer={} message=\"{}\"", peer(), e.getMessage());
      write(RtspResponse.of(RtspStatus.BAD_REQUEST, String.valueOf(e.getMessage())));
      finish(Feed.End.CONNECTION_LOST);
    }
    if (session instanceof PushSession push && push.isBehind()) {
      reads.pause();
    }
  }

  @Override
  public void packet(int channel, ByteBuffer packet) {
    for (InterleavedTransport transport : interleaved) {
      if (transport.packet(channel, packet)) {
        return;
      }
    }
  }

  @Override
  public void message(RtspMessage message) throws MalformedMessage {
    if (!(message instanceof RtspRequest request)) {
      // Answers to requests that we never make.
      return;
    }
    if (++waiting > environment.settings().maxPipelined()) {
      throw new MalformedMessage(
          "more than " + environment.settings().maxPipelined() + " requests at once");
    }
    last = last.compose(before -> answer(request));
  }

  /** Never fails, so that the next request has its turn. */
  private Future<Void> answer(RtspRequest request) {
    environment.metrics().requests.increment();
    Promise<Void> done = Promise.promise();
    Future<RtspResponse> handled;
    try {
      handled = authenticated(request);
    } catch (RuntimeException e) {
      handled = Future.failedFuture(e);
    }
    handled.onComplete(
        result -> {
          waiting--;
          RtspResponse response =
              result.succeeded() ? result.result() : refused(request, result.cause());
          if (!closed) {
            reply(request, response);
          }
          done.complete();
        });
    return done.future();
  }

  private RtspResponse refused(RtspRequest request, Throwable failure) {
    RtspResponse response = RequestRefused.response(failure);
    if (response.status() >= 500) {
      LOG.warn("event=rtsp_failed peer={} method={}", peer(), request.method(), failure);
    } else {
      LOG.info(
          "event=rtsp_refused peer={} method={} status={} message=\"{}\"",
          peer(),
          request.method(),
          response.status(),
          failure.getMessage());
    }
    return response;
  }

  private void reply(RtspRequest request, RtspResponse response) {
    RtspResponse whole = response;
    String sequence = request.headers().value("CSeq").orElse("");
    if (!sequence.isEmpty()) {
      whole = whole.with("CSeq", sequence);
    }
    whole = whole.with("Server", "Millrace");
    if (session != null) {
      whole =
          whole.with(
              "Session", id + ";timeout=" + environment.settings().sessionTimeout().toSeconds());
    }
    write(whole);
    if (session instanceof PlaySession play) {
      play.answered();
    }
    if (response.status() >= 400) {
      environment.metrics().refusedRequests.increment();
      if (++refusals > environment.settings().maxRefusals()) {
        finish(Feed.End.CONNECTION_LOST);
      }
    } else {
      refusals = 0;
    }
    if (request.method().equals("TEARDOWN") && response.status() == RtspStatus.OK.code()) {
      finish(Feed.End.SOURCE_ENDED);
    }
  }

  /** Who asks on and on and does not read the answers is not heard until there is room again. */
  private void write(RtspMessage message) {
    if (!socket.writeQueueFull()) {
      unread = 0;
    } else if (++unread > environment.settings().maxPipelined()) {
      reads.pause();
    }
    ByteBuffer whole = message.toBytes();
    byte[] bytes = new byte[whole.remaining()];
    whole.get(bytes);
    var unused = socket.write(Buffer.buffer(bytes));
  }

  private Future<RtspResponse> authenticated(RtspRequest request) {
    if (!request.method().equals("OPTIONS")) {
      ServerAuthentication.Verdict verdict =
          environment
              .authentication()
              .check(request.headers().value("Authorization").orElse(""), request.method());
      if (!verdict.allowed()) {
        environment.metrics().unauthorized.increment();
        RtspResponse challenge = RtspResponse.of(RtspStatus.UNAUTHORIZED);
        for (String each : verdict.challenges()) {
          challenge = challenge.with("WWW-Authenticate", each);
        }
        return Future.succeededFuture(challenge);
      }
    }
    String named = request.headers().value("Session").orElse("").replaceFirst(";.*", "").strip();
    if (!named.isEmpty() && (session == null || !named.equals(id))) {
      throw new RequestRefused(
          RtspStatus.SESSION_NOT_FOUND, "There is no such session on this connection");
    }
    return handle(request);
  }

  private Future<RtspResponse> handle(RtspRequest request) {
    return switch (request.method()) {
      case "OPTIONS" ->
          Future.succeededFuture(RtspResponse.of(RtspStatus.OK).with("Public", METHODS));
      case "GET_PARAMETER", "SET_PARAMETER" -> parameter(request);
      case "ANNOUNCE" -> announce(request);
      case "DESCRIBE" -> describe(request);
      case "SETUP" -> setup(request);
      case "RECORD", "PLAY" -> current().start(request);
      case "PAUSE" -> current().pause();
      case "TEARDOWN" -> {
        current();
        yield Future.succeededFuture(RtspResponse.of(RtspStatus.OK));
      }
      default ->
          throw new RequestRefused(
              RtspStatus.NOT_IMPLEMENTED, "No such method: " + request.method());
    };
  }

  /** Without a body these say that the client is there; parameters there are none. */
  private static Future<RtspResponse> parameter(RtspRequest request) {
    if (!request.body().isBlank()) {
      throw new RequestRefused(
          RtspStatus.PARAMETER_NOT_UNDERSTOOD, "There are no parameters to get or set");
    }
    return Future.succeededFuture(RtspResponse.of(RtspStatus.OK));
  }

  private Session current() {
    if (session == null) {
      throw new RequestRefused(
          RtspStatus.METHOD_NOT_VALID_IN_THIS_STATE, "First ANNOUNCE or DESCRIBE, and SETUP");
    }
    return session;
  }

  private void begin(Session begun) {
    if (session == null && !environment.sessions().take()) {
      environment.metrics().refusedForLimits.increment();
      begun.end(Feed.End.CONNECTION_LOST);
      throw new RequestRefused(
          RtspStatus.NOT_ENOUGH_BANDWIDTH,
          "The server has " + environment.settings().maxSessions() + " sessions, its limit");
    }
    if (session != null) {
      session.end(Feed.End.CONNECTION_LOST);
    }
    session = begun;
  }

  private Future<RtspResponse> announce(RtspRequest request) {
    if (session != null) {
      throw new RequestRefused(
          RtspStatus.METHOD_NOT_VALID_IN_THIS_STATE, "The connection has a session already");
    }
    MediaPath path = MediaPath.parse(request.uri());
    begin(new PushSession(environment, context, heard, path, request, peer(), this));
    return Future.succeededFuture(RtspResponse.of(RtspStatus.OK));
  }

  private Future<RtspResponse> describe(RtspRequest request) {
    if (session != null && !interleaved.isEmpty()) {
      throw new RequestRefused(
          RtspStatus.METHOD_NOT_VALID_IN_THIS_STATE, "The connection has a session already");
    }
    PlaySession play =
        new PlaySession(environment, context, MediaPath.parse(request.uri()), this::over);
    return play.describe(request, socket.localAddress().hostAddress())
        .map(
            response -> {
              if (closed) {
                play.end(Feed.End.CONNECTION_LOST);
              } else {
                begin(play);
              }
              return response;
            });
  }

  private Future<RtspResponse> setup(RtspRequest request) {
    Session owner = current();
    List<TransportHeader> offers =
        TransportHeader.parse(request.headers().value("Transport").orElse(""));
    TransportHeader chosen =
        offers.stream()
            .filter(
                offer ->
                    !offer.multicast()
                        && (offer.tcp() || offer.clientPorts() != null)
                        && (offer.tcp() || environment.ports().range().pairs() > 0))
            .findFirst()
            .orElseThrow(
                () ->
                    new RequestRefused(
                        RtspStatus.UNSUPPORTED_TRANSPORT,
                        "RTP/AVP/TCP;interleaved and RTP/AVP;unicast;client_port are served"));
    MediaTransport.Receiver track = owner.track(MediaPath.parse(request.uri()), request);
    Future<MediaTransport> opened =
        chosen.tcp() ? Future.succeededFuture(interleave(chosen, track)) : udp(chosen, track);
    return opened.map(
        transport -> {
          if (closed) {
            transport.close();
          }
          return RtspResponse.of(RtspStatus.OK)
              .with("Transport", owner.transport(transport).toString());
        });
  }

  private MediaTransport interleave(TransportHeader chosen, MediaTransport.Receiver receiver) {
    TransportHeader.Pair channels = chosen.interleaved();
    if (channels == null) {
      channels = new TransportHeader.Pair(2 * interleaved.size(), 2 * interleaved.size() + 1);
    }
    for (InterleavedTransport other : interleaved) {
      if (other.uses(channels)) {
        throw new RequestRefused(
            RtspStatus.HEADER_FIELD_NOT_VALID, "The channels " + channels + " are in use");
      }
    }
    InterleavedTransport transport =
        new InterleavedTransport(
            socket, channels, chosen.record(), environment.metrics(), receiver);
    interleaved.add(transport);
    return transport;
  }

  private Future<MediaTransport> udp(TransportHeader chosen, MediaTransport.Receiver track) {
    TransportHeader.Pair clientPorts = chosen.clientPorts();
    if (clientPorts == null) {
      throw new IllegalStateException("a transport without ports was chosen");
    }
    MediaTransport.Receiver receiver =
        new MediaTransport.Receiver() {
          @Override
          public void rtp(ByteBuffer packet) {
            heard.now();
            track.rtp(packet);
          }

          @Override
          public void rtcp(ByteBuffer compound) {
            heard.now();
            track.rtcp(compound);
          }
        };
    return Future.succeededFuture(
        UdpTransport.open(
            environment.ports(),
            context,
            socket.localAddress().hostAddress(),
            socket.remoteAddress().hostAddress(),
            chosen,
            clientPorts,
            environment.metrics(),
            receiver));
  }

  private void tick() {
    long now = System.nanoTime();
    if (unread > 0 && !socket.writeQueueFull()) {
      unread = 0;
      if (!(session instanceof PushSession push && push.isBehind())) {
        reads.resume();
      }
    }
    if (session != null) {
      session.tick(now);
    }
    boolean listens = session == null || session.expectsMedia() || socket.writeQueueFull();
    if (listens && now - heard.nanos() > environment.settings().sessionTimeout().toNanos()) {
      environment.metrics().silent.increment();
      LOG.info("event=rtsp_silent peer={}", peer());
      finish(Feed.End.CONNECTION_LOST);
    }
  }

  @Override
  public void ready() {
    reads.resume();
  }

  @Override
  public void closed(String reason) {
    over(reason);
  }

  private void over(String reason) {
    LOG.info("event=rtsp_ended peer={} message=\"{}\"", peer(), reason);
    finish(Feed.End.SERVER_ENDED);
  }

  /** Ends the session and closes; from any thread. */
  Future<Void> close(Feed.End reason) {
    context.runOnContext(now -> finish(reason));
    return ended();
  }

  private void finish(Feed.End reason) {
    if (closed) {
      return;
    }
    closed = true;
    var unused = environment.vertx().cancelTimer(timer);
    if (session != null) {
      session.end(reason);
      environment.sessions().giveBack();
    }
    // What is paused is not told that it is closed.
    reads.resume();
    if (socket.writeQueueFull()) {
      AbruptClose.of(socket);
    }
    socket.close().onComplete(gone -> ended.tryComplete());
  }
}
