package io.millrace.ingest.signaling.relay;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.api.wire.OperationContext;
import io.millrace.api.wire.OperationRouter;
import io.millrace.ingest.signaling.channel.Channel;
import io.millrace.ingest.signaling.control.ChannelEndpoints;
import io.millrace.ingest.signaling.control.ChannelNames;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.ServerWebSocket;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Takes the WebSockets of masters and viewers: ConnectAsMaster and ConnectAsViewer. */
public final class SignalingSockets {
  private static final String CHANNEL = "X-Amz-ChannelARN";
  private static final String CLIENT = "X-Amz-ClientId";

  private final Vertx vertx;
  private final ChannelNames names;
  private final Rooms rooms;
  private final RelaySettings settings;
  private final SignalingMetrics metrics;
  private final AtomicInteger open = new AtomicInteger();
  private volatile boolean draining;

  public SignalingSockets(
      Vertx vertx,
      ChannelNames names,
      Rooms rooms,
      RelaySettings settings,
      SignalingMetrics metrics) {
    this.vertx = vertx;
    this.names = names;
    this.rooms = rooms;
    this.settings = settings;
    this.metrics = metrics;
  }

  /** Registers the routes. */
  public void register(OperationRouter router) {
    router.route(
        HttpMethod.GET,
        ChannelEndpoints.MASTER_PATH,
        context -> connect(context, /* master= */ true));
    router.route(
        HttpMethod.GET,
        ChannelEndpoints.VIEWER_PATH,
        context -> connect(context, /* master= */ false));
  }

  private Future<Void> connect(OperationContext context, boolean master) {
    HttpServerRequest request = context.request();
    if (request.version() == HttpVersion.HTTP_2
        || !"websocket".equalsIgnoreCase(request.getHeader("upgrade"))) {
      throw AwsError.BAD_REQUEST.because("This path takes WebSockets over HTTP/1.1 only");
    }
    Channel channel =
        names.resolve(
            null,
            context
                .queryParameter(CHANNEL)
                .orElseThrow(() -> AwsError.INVALID_ARGUMENT.because(CHANNEL + " is required")));
    String client = client(context, master);
    if (draining) {
      throw AwsError.SERVICE_UNAVAILABLE.because("The server is shutting down");
    }
    admit(channel, client);
    return request
        .toWebSocket()
        .onSuccess(socket -> start(socket, channel, client))
        .onFailure(failure -> open.decrementAndGet())
        .recover(
            failure ->
                Future.failedFuture(
                    AwsError.BAD_REQUEST.because(
                        "No WebSocket handshake: " + failure.getMessage())))
        .mapEmpty();
  }

  private static @Nullable String client(OperationContext context, boolean master) {
    String client = context.queryParameter(CLIENT).orElse("");
    if (master) {
      if (!client.isEmpty()) {
        throw AwsError.INVALID_ARGUMENT.because(
            CLIENT + " is for viewers; this is the endpoint of masters");
      }
      return null;
    }
    if (!ClientMessage.isName(client)) {
      throw AwsError.INVALID_ARGUMENT.because(
          CLIENT + " is required, 1 to 256 letters, digits, '_', '.' and '-'");
    }
    return client;
  }

  /** Counts the connection if it may be made. */
  private void admit(Channel channel, @Nullable String client) {
    try {
      if (open.incrementAndGet() > settings.maxConnections()) {
        throw AwsError.CLIENT_LIMIT_EXCEEDED.because(
            "The server has its most connections: " + settings.maxConnections());
      }
      rooms.admit(channel, client);
    } catch (AwsException refused) {
      open.decrementAndGet();
      metrics.refusedConnections.increment();
      throw refused;
    }
  }

  private void start(ServerWebSocket socket, Channel channel, @Nullable String client) {
    LongAdder connected = client == null ? metrics.masters : metrics.viewers;
    connected.increment();
    SocketConnection connection =
        new SocketConnection(vertx, socket, channel, client, rooms, settings, metrics);
    connection.start(
        () -> {
          open.decrementAndGet();
          connected.decrement();
        });
    if (draining) {
      var unused = connection.sendAway();
    }
    metrics.connections.increment();
  }

  /** Sends every client away and takes no new one. */
  public Future<Void> drain() {
    draining = true;
    List<Future<Void>> leaving =
        rooms.connections().stream().map(SocketConnection::sendAway).toList();
    return Future.join(leaving).transform(all -> Future.succeededFuture());
  }
}
