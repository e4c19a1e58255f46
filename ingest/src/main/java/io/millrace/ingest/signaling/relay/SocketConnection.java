package io.millrace.ingest.signaling.relay;

import io.millrace.api.error.AwsError;
import io.millrace.ingest.signaling.channel.Channel;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One WebSocket of a master or viewer. Its state belongs to its event loop. */
final class SocketConnection {
  /** Close codes of RFC 6455, section 7.4.1. */
  static final short NORMAL = 1000;

  static final short GOING_AWAY = 1001;
  static final short NOT_TEXT = 1003;
  static final short POLICY = 1008;
  static final short TRY_LATER = 1013;

  private final Vertx vertx;
  private final ServerWebSocket socket;
  private final Channel channel;
  private final @Nullable String client;
  private final Rooms rooms;
  private final RelaySettings settings;
  private final SignalingMetrics metrics;
  private final Context context;
  private final Thread loop = Thread.currentThread();
  private final CallRate sdpRate;
  private final CallRate iceRate;
  private final List<Long> timers = new ArrayList<>();
  private final AtomicLong unsentBytes = new AtomicLong();
  private long heardNanos = System.nanoTime();
  private long spokeNanos = System.nanoTime();
  private int malformed;

  /**
   * To be made on the socket's event loop.
   *
   * @param client null for a master
   */
  SocketConnection(
      Vertx vertx,
      ServerWebSocket socket,
      Channel channel,
      @Nullable String client,
      Rooms rooms,
      RelaySettings settings,
      SignalingMetrics metrics) {
    this.vertx = vertx;
    this.socket = socket;
    this.channel = channel;
    this.client = client;
    this.rooms = rooms;
    this.settings = settings;
    this.metrics = metrics;
    context = vertx.getOrCreateContext();
    sdpRate = new CallRate(settings.sdpRate(), heardNanos);
    iceRate = new CallRate(settings.iceRate(), heardNanos);
  }

  /** The channel as it was when the client came. */
  Channel channel() {
    return channel;
  }

  /** Name of the client; null for a master. */
  @Nullable String client() {
    return client;
  }

  /**
   * Takes part from now on.
   *
   * @param onEnd called once when the connection is over
   */
  void start(Runnable onEnd) {
    socket.frameHandler(this::heard);
    socket.pongHandler(pong -> heardNanos = System.nanoTime());
    socket.textMessageHandler(this::received);
    socket.binaryMessageHandler(bytes -> close(NOT_TEXT, "messages are text"));
    socket.exceptionHandler(failure -> metrics.refusedMessages.increment());
    socket.closeHandler(
        closed -> {
          timers.forEach(vertx::cancelTimer);
          timers.clear();
          rooms.leave(this);
          onEnd.run();
        });
    after(settings.maxAge().minus(settings.goAwayNotice()), () -> send(ServerMessage.GO_AWAY));
    after(settings.maxAge(), () -> close(GOING_AWAY, "the connection has its greatest age"));
    timers.add(vertx.setPeriodic(settings.pingInterval().toMillis(), timer -> ping()));
    watchIdle(settings.idleLimit());
    if (!rooms.join(this)) {
      metrics.refusedConnections.increment();
      close(TRY_LATER, "the channel has its most viewers");
    }
    socket.resume();
  }

  private void after(Duration delay, Runnable action) {
    timers.add(vertx.setTimer(Math.max(1, delay.toMillis()), timer -> action.run()));
  }

  private void heard(WebSocketFrame frame) {
    heardNanos = System.nanoTime();
    // A client's own pings say that it wants to stay; its answers to ours do not.
    if (frame.isPing() || frame.isText() || frame.isContinuation()) {
      spokeNanos = heardNanos;
    }
  }

  private void ping() {
    if (System.nanoTime() - heardNanos > 2 * settings.pingInterval().toNanos()) {
      metrics.silentConnections.increment();
      close(GOING_AWAY, "pings are not answered");
    } else {
      var unused = socket.writePing(Buffer.buffer());
    }
  }

  private void watchIdle(Duration rest) {
    after(
        rest.plusMillis(1),
        () -> {
          Duration silence = Duration.ofNanos(System.nanoTime() - spokeNanos);
          if (silence.compareTo(settings.idleLimit()) >= 0) {
            metrics.silentConnections.increment();
            close(GOING_AWAY, "nothing was sent for " + silence.toSeconds() + " s");
          } else {
            watchIdle(settings.idleLimit().minus(silence));
          }
        });
  }

  private void received(String text) {
    try {
      ClientMessage message = ClientMessage.read(text, settings.maxPayload());
      CallRate rate = message.type() == MessageType.ICE_CANDIDATE ? iceRate : sdpRate;
      if (!rate.tryTake(System.nanoTime())) {
        throw new BadMessage(
            AwsError.CLIENT_LIMIT_EXCEEDED,
            message.correlationId(),
            "More messages of this kind within a second than allowed");
      }
      rooms.receive(this, message);
    } catch (BadMessage refused) {
      metrics.refusedMessages.increment();
      if (refused.correlationId() != null) {
        send(ServerMessage.failed(refused.correlationId(), refused.error(), refused.description()));
      }
      if (refused.error() == AwsError.INVALID_ARGUMENT && ++malformed > settings.maxMalformed()) {
        close(POLICY, "too many messages that cannot be taken");
      }
    }
  }

  /** Sends a peer's message. */
  void relay(String text) {
    metrics.relayedMessages.increment();
    send(text);
  }

  /** Sends a text; may be called on any thread. */
  void send(String text) {
    if (unsentBytes.addAndGet(text.length()) > settings.maxUnsentBytes()) {
      metrics.slowConnections.increment();
      close(POLICY, "what was sent is not taken");
      return;
    }
    onLoop(
        () -> {
          if (!socket.isClosed()) {
            var unused =
                socket
                    .writeTextMessage(text)
                    .onComplete(written -> unsentBytes.addAndGet(-text.length()));
          }
        });
  }

  private void onLoop(Runnable action) {
    if (Thread.currentThread() == loop) {
      action.run();
    } else {
      context.runOnContext(go -> action.run());
    }
  }

  /** Closes the socket; may be called on any thread. */
  Future<Void> close(short code, String reason) {
    Promise<Void> closed = Promise.promise();
    onLoop(() -> socket.close(code, reason).onComplete(closed));
    return closed.future();
  }

  /** Tells the client to connect elsewhere, and closes. */
  Future<Void> sendAway() {
    send(ServerMessage.GO_AWAY);
    return close(GOING_AWAY, "the server is shutting down");
  }
}
