package io.millrace.ingest.signaling.control;

import io.millrace.api.error.AwsError;
import io.millrace.api.wire.OperationContext;
import io.millrace.api.wire.OperationRouter;
import io.millrace.ingest.signaling.channel.Channel;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Supplier;
import software.amazon.awssdk.services.kinesisvideo.model.ChannelProtocol;
import software.amazon.awssdk.services.kinesisvideo.model.ChannelRole;
import software.amazon.awssdk.services.kinesisvideo.model.GetSignalingChannelEndpointRequest;
import software.amazon.awssdk.services.kinesisvideo.model.GetSignalingChannelEndpointResponse;
import software.amazon.awssdk.services.kinesisvideo.model.ResourceEndpointListItem;
import software.amazon.awssdk.services.kinesisvideo.model.SingleMasterChannelEndpointConfiguration;

/** Tells clients where a channel is reached. */
public final class ChannelEndpoints {
  /** Path of WebSockets of masters. */
  public static final String MASTER_PATH = "/signaling/master";

  /** Path of WebSockets of viewers. */
  public static final String VIEWER_PATH = "/signaling/viewer";

  private final ChannelNames names;
  private final Supplier<String> publicUrl;

  /**
   * @param publicUrl {@code http} or {@code https}, host and, where it is not the scheme's own,
   *     port under which clients reach signaling; no trailing slash. Asked at each call
   */
  public ChannelEndpoints(ChannelNames names, Supplier<String> publicUrl) {
    this.names = names;
    this.publicUrl = publicUrl;
  }

  /** Registers the operation. */
  public void register(OperationRouter router) {
    router
        .service("kinesisvideo")
        .operation(
            "GetSignalingChannelEndpoint",
            GetSignalingChannelEndpointRequest::builder,
            this::endpoints);
  }

  private Future<GetSignalingChannelEndpointResponse> endpoints(
      OperationContext context, GetSignalingChannelEndpointRequest request) {
    Channel channel = names.resolve(null, request.channelARN());
    SingleMasterChannelEndpointConfiguration wanted =
        request.singleMasterChannelEndpointConfiguration();
    boolean viewer = wanted != null && wanted.role() == ChannelRole.VIEWER;
    List<ChannelProtocol> protocols =
        wanted == null || wanted.protocols().isEmpty()
            ? List.of(ChannelProtocol.WSS, ChannelProtocol.HTTPS)
            : wanted.protocols();
    List<ResourceEndpointListItem> endpoints = new ArrayList<>();
    for (ChannelProtocol protocol : new LinkedHashSet<>(protocols)) {
      endpoints.add(
          ResourceEndpointListItem.builder()
              .protocol(protocol)
              .resourceEndpoint(endpoint(channel, protocol, viewer))
              .build());
    }
    return Future.succeededFuture(
        GetSignalingChannelEndpointResponse.builder().resourceEndpointList(endpoints).build());
  }

  private String endpoint(Channel channel, ChannelProtocol protocol, boolean viewer) {
    String base = publicUrl.get();
    return switch (protocol) {
      case WSS ->
          // http becomes ws, https becomes wss.
          "ws" + base.substring("http".length()) + (viewer ? VIEWER_PATH : MASTER_PATH);
      case WEBRTC -> {
        if (channel.storage().isEmpty()) {
          throw AwsError.INVALID_ARGUMENT.because(
              "The channel has no media storage; only then it has a WEBRTC endpoint.");
        }
        yield base;
      }
      default -> base;
    };
  }
}
