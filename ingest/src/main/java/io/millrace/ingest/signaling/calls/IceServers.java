package io.millrace.ingest.signaling.calls;

import io.millrace.api.wire.OperationContext;
import io.millrace.api.wire.OperationRouter;
import io.millrace.ingest.signaling.channel.Channel;
import io.millrace.ingest.signaling.control.ChannelNames;
import io.millrace.ingest.signaling.relay.Rooms;
import io.millrace.ingest.webrtc.ice.TurnCredentials;
import io.millrace.ingest.webrtc.ice.TurnSettings;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import software.amazon.awssdk.services.kinesisvideosignaling.model.GetIceServerConfigRequest;
import software.amazon.awssdk.services.kinesisvideosignaling.model.GetIceServerConfigResponse;
import software.amazon.awssdk.services.kinesisvideosignaling.model.IceServer;

/** Tells clients of the TURN server, with credentials of their own. */
public final class IceServers {
  /** Some clients read no more addresses of one server. */
  private static final int URIS_PER_SERVER = 4;

  private static final String MASTER = "master";

  private final ChannelNames names;
  private final Rooms rooms;
  private final TurnSettings turn;
  private final InstantSource clock;

  public IceServers(ChannelNames names, Rooms rooms, TurnSettings turn, InstantSource clock) {
    this.names = names;
    this.rooms = rooms;
    this.turn = turn;
    this.clock = clock;
  }

  /**
   * Registers the operation, and {@code POST /v1/signaling/reconnect-ice-servers}, which tells
   * every connected client to call it again: for an operator who changed the TURN server.
   */
  public void register(OperationRouter router) {
    router
        .service("kinesis-video-signaling")
        .operation("GetIceServerConfig", GetIceServerConfigRequest::builder, this::servers);
    router.route(HttpMethod.POST, "/v1/signaling/reconnect-ice-servers", this::reconnect);
  }

  private Future<GetIceServerConfigResponse> servers(
      OperationContext context, GetIceServerConfigRequest request) {
    Channel channel = names.resolve(null, request.channelARN());
    rooms.takeIceConfig(channel);
    String client =
        Objects.requireNonNullElse(
            request.username(), Objects.requireNonNullElse(request.clientId(), MASTER));
    return Future.succeededFuture(
        GetIceServerConfigResponse.builder().iceServerList(servers(client)).build());
  }

  private List<IceServer> servers(String client) {
    if (turn.urls().isEmpty()) {
      return List.of();
    }
    // A server that asks for nothing takes any name; some clients want one all the same.
    TurnCredentials credentials =
        turn.secret().isEmpty()
            ? new TurnCredentials(client, client, turn.lifetime())
            : TurnCredentials.make(turn, client, clock.instant());
    List<IceServer> servers = new ArrayList<>();
    for (int i = 0; i < turn.urls().size(); i += URIS_PER_SERVER) {
      servers.add(
          IceServer.builder()
              .uris(turn.urls().subList(i, Math.min(turn.urls().size(), i + URIS_PER_SERVER)))
              .username(credentials.username())
              .password(credentials.password())
              .ttl((int) credentials.lifetime().toSeconds())
              .build());
    }
    return servers;
  }

  private Future<Void> reconnect(OperationContext context) {
    return context
        .response()
        .putHeader("content-type", "application/json")
        .end(new JsonObject().put("clientsTold", rooms.reconnectIceServers()).encode());
  }
}
