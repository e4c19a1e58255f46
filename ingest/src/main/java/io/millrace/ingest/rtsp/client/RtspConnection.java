package io.millrace.ingest.rtsp.client;

import io.millrace.api.net.SocketReads;
import io.millrace.ingest.rtsp.auth.ClientAuthentication;
import io.millrace.ingest.rtsp.message.MalformedMessage;
import io.millrace.ingest.rtsp.message.RtspHeaders;
import io.millrace.ingest.rtsp.message.RtspMessage;
import io.millrace.ingest.rtsp.message.RtspParser;
import io.millrace.ingest.rtsp.message.RtspRequest;
import io.millrace.ingest.rtsp.message.RtspResponse;
import io.millrace.ingest.source.SourceUnusable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a camera: requests with their answers, one at a time, and interleaved packets.
 * Lives on the socket's event loop.
 */
final class RtspConnection {
  private static final String AGENT = "millrace";
  private static final int UNAUTHORIZED = 401;

  /** Takes what comes beside answers. */
  interface Listener {
    /** An interleaved packet; borrowed. */
    void packet(int channel, ByteBuffer packet);

    /** The connection is over. */
    void closed(String reason);
  }

  private record Asked(RtspRequest request, Promise<RtspResponse> answer) {}

  private final Vertx vertx;
  private final NetSocket socket;
  private final SocketReads reads;
  private final Optional<ClientAuthentication> authentication;
  private final RtspClientSettings settings;
  private final Listener listener;
  private final RtspParser parser;
  private final RtspParser.Sink incoming = new Incoming();
  private final Queue<Asked> waiting = new ArrayDeque<>();
  private @Nullable Asked asked;
  private long askedSequence;
  private long sequence;
  private long timer = -1;
  private String session = "";
  private @Nullable String failure;
  private boolean closed;

  RtspConnection(
      Vertx vertx,
      NetSocket socket,
      Optional<ClientAuthentication> authentication,
      RtspClientSettings settings,
      Listener listener) {
    this.vertx = vertx;
    this.socket = socket;
    this.authentication = authentication;
    this.settings = settings;
    this.listener = listener;
    parser = new RtspParser(settings.messages());
    reads = SocketReads.take(socket, this::received);
    socket.exceptionHandler(broken -> failure = broken.getMessage());
    socket.closeHandler(gone -> over("the camera closed the connection"));
  }

  private void received(ByteBuffer bytes) {
    try {
      parser.feed(bytes, incoming);
    } catch (MalformedMessage e) {
      failure = "the camera sent what is no RTSP: " + e.getMessage();
      var unused = socket.close();
    }
  }

  private final class Incoming implements RtspParser.Sink {
    @Override
    public void message(RtspMessage message) {
      switch (message) {
        case RtspResponse response -> answered(response);
        case RtspRequest request -> answer(request);
      }
    }

    @Override
    public void packet(int channel, ByteBuffer packet) {
      listener.packet(channel, packet);
    }
  }

  /** Some cameras ask whether we are there. */
  private void answer(RtspRequest request) {
    RtspResponse ok = new RtspResponse(200, "OK", RtspHeaders.NONE, "");
    write(ok.with("CSeq", request.headers().value("CSeq").orElse("0")));
  }

  private void answered(RtspResponse response) {
    Asked now = asked;
    boolean late =
        response
            .headers()
            .value("CSeq")
            .filter(number -> !number.strip().equals(Long.toString(askedSequence)))
            .isPresent();
    if (now == null || late) {
      return;
    }
    vertx.cancelTimer(timer);
    asked = null;
    if (response.status() == UNAUTHORIZED
        && authentication
            .filter(with -> with.challenged(response.headers().values("WWW-Authenticate")))
            .isPresent()) {
      send(now);
      return;
    }
    response
        .headers()
        .value("Session")
        .ifPresent(value -> session = value.split(";", 2)[0].strip());
    now.answer().complete(response);
    next();
  }

  /**
   * Asks; completes with the answer, whatever it is.
   *
   * @return fails with {@link SourceUnusable} when the connection ends or the camera is silent
   */
  Future<RtspResponse> ask(String method, String uri, RtspHeaders headers) {
    Promise<RtspResponse> answer = Promise.promise();
    if (closed) {
      answer.fail(new SourceUnusable("the connection is closed"));
      return answer.future();
    }
    waiting.add(new Asked(new RtspRequest(method, uri, headers, ""), answer));
    next();
    return answer.future();
  }

  private void next() {
    Asked first = asked == null ? waiting.poll() : null;
    if (first != null) {
      send(first);
    }
  }

  private void send(Asked now) {
    asked = now;
    askedSequence = ++sequence;
    RtspRequest request = now.request();
    RtspHeaders headers =
        new RtspHeaders(
            List.of(
                new RtspHeaders.Line("CSeq", Long.toString(askedSequence)),
                new RtspHeaders.Line("User-Agent", AGENT)));
    for (RtspHeaders.Line line : request.headers().lines()) {
      headers = headers.with(line.name(), line.value());
    }
    if (!session.isEmpty()) {
      headers = headers.with("Session", session);
    }
    Optional<String> proof =
        authentication.flatMap(with -> with.authorization(request.method(), request.uri()));
    if (proof.isPresent()) {
      headers = headers.with("Authorization", proof.get());
    }
    write(new RtspRequest(request.method(), request.uri(), headers, request.body()));
    timer =
        vertx.setTimer(
            settings.answerLimit().toMillis(),
            late -> {
              failure =
                  "no answer to %s within %s".formatted(request.method(), settings.answerLimit());
              var unused = socket.close();
            });
  }

  private void write(RtspMessage message) {
    var unused = socket.write(Buffer.buffer(bytes(message.toBytes())));
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  /** Sends a packet over a channel. */
  void send(int channel, byte[] packet) {
    if (!closed) {
      var unused =
          socket.write(
              Buffer.buffer(4 + packet.length)
                  .appendByte((byte) '$')
                  .appendByte((byte) channel)
                  .appendShort((short) packet.length)
                  .appendBytes(packet));
    }
  }

  /** Address of the camera. */
  String remoteHost() {
    return socket.remoteAddress().hostAddress();
  }

  /** Our address towards the camera. */
  String localHost() {
    return socket.localAddress().hostAddress();
  }

  void pause() {
    reads.pause();
  }

  void resume() {
    reads.resume();
  }

  private void over(String reason) {
    if (closed) {
      return;
    }
    closed = true;
    vertx.cancelTimer(timer);
    String why = failure == null ? reason : failure;
    Asked now = asked;
    asked = null;
    if (now != null) {
      now.answer().fail(new SourceUnusable(why));
    }
    for (Asked each = waiting.poll(); each != null; each = waiting.poll()) {
      each.answer().fail(new SourceUnusable(why));
    }
    listener.closed(why);
  }

  void close() {
    socket.close().onComplete(done -> over("closed"));
  }
}
