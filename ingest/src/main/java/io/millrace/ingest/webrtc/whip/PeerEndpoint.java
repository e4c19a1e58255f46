package io.millrace.ingest.webrtc.whip;

import io.millrace.api.error.AwsError;
import io.millrace.api.wire.OperationContext;
import io.millrace.api.wire.OperationRouter;
import io.millrace.ingest.webrtc.ice.IceCandidate;
import io.millrace.ingest.webrtc.ice.IceCredentials;
import io.millrace.ingest.webrtc.ice.TurnCredentials;
import io.millrace.ingest.webrtc.ice.TurnSettings;
import io.millrace.ingest.webrtc.negotiation.DescriptionRefused;
import io.millrace.ingest.webrtc.negotiation.IceFragment;
import io.millrace.ingest.webrtc.peer.Peer;
import io.millrace.ingest.webrtc.peer.PeerFactory;
import io.millrace.ingest.webrtc.peer.PeerListener;
import io.millrace.ingest.webrtc.peer.PeerMedia;
import io.millrace.ingest.webrtc.whip.PeerResources.Resource;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One of the two protocols: a POST with an offer makes a peer and is answered with the address of
 * its resource; PATCH there brings candidates or restarts ICE, DELETE ends it.
 */
public final class PeerEndpoint {
  private static final String SDP = "application/sdp";
  private static final String FRAGMENT = "application/trickle-ice-sdpfrag";
  private static final int CREATED = 201;
  private static final int NO_CONTENT = 204;
  private static final int MALFORMED = 400;
  private static final int NOT_ACCEPTABLE = 406;
  private static final int PRECONDITION_FAILED = 412;
  private static final int UNSUPPORTED_MEDIA_TYPE = 415;
  private static final int PRECONDITION_REQUIRED = 428;

  private final String prefix;
  private final Function<String, PeerMedia> media;
  private final PeerFactory peers;
  private final Supplier<List<IceCandidate>> candidates;
  private final WhipSettings settings;
  private final InstantSource clock;
  private final PeerResources resources = new PeerResources();

  /**
   * @param prefix {@code /whip} or {@code /whep}
   * @param media what flows, by the name of the stream
   * @param candidates ours
   */
  public PeerEndpoint(
      String prefix,
      Function<String, PeerMedia> media,
      PeerFactory peers,
      Supplier<List<IceCandidate>> candidates,
      WhipSettings settings,
      InstantSource clock) {
    this.prefix = prefix;
    this.media = media;
    this.peers = peers;
    this.candidates = candidates;
    this.settings = settings;
    this.clock = clock;
  }

  /** Registers the routes. */
  public void register(OperationRouter router) {
    router.route(HttpMethod.POST, prefix + "/{stream}", this::offer);
    router.route(HttpMethod.PATCH, prefix + "/{stream}/{peer}", this::change);
    router.route(HttpMethod.DELETE, prefix + "/{stream}/{peer}", this::end);
  }

  private Future<Void> offer(OperationContext context) {
    if (!isType(context, SDP)) {
      return refuse(context, UNSUPPORTED_MEDIA_TYPE, "An offer is " + SDP);
    }
    String stream = context.pathParameter("stream");
    return text(context)
        .compose(offer -> create(context, stream, offer))
        .compose(resource -> created(context, resource))
        .recover(failure -> refusal(context, failure));
  }

  private Future<String> text(OperationContext context) {
    return context
        .body(settings.maxBodyBytes(), settings.bodyTimeout())
        .map(body -> body.toString(StandardCharsets.UTF_8));
  }

  private Future<Resource> create(OperationContext context, String stream, String offer) {
    Context loop = context.vertxContext();
    String[] id = new String[1];
    PeerListener listener =
        new PeerListener() {
          @Override
          public void connected() {
            // The client sees that by itself.
          }

          @Override
          public void closed(String reason) {
            if (id[0] != null) {
              resources.remove(id[0]);
            }
          }
        };
    return peers
        .answer(loop, offer, media.apply(stream), listener)
        .map(
            peer -> {
              id[0] = peer.id();
              Resource resource = new Resource(loop, peer, stream);
              resources.add(resource);
              return resource;
            });
  }

  private Future<Void> created(OperationContext context, Resource resource) {
    HttpServerResponse response = context.response().setStatusCode(CREATED);
    response.putHeader("content-type", SDP);
    response.putHeader("location", prefix + "/" + resource.stream + "/" + resource.peer.id());
    response.putHeader("etag", resource.entityTag());
    response.putHeader("accept-patch", FRAGMENT);
    iceServers().forEach(link -> response.headers().add("link", link));
    return response.end(resource.peer.localDescription());
  }

  private List<String> iceServers() {
    TurnSettings turn = settings.turn();
    if (turn.urls().isEmpty()) {
      return List.of();
    }
    if (turn.secret().isEmpty()) {
      return turn.urls().stream().map("<%s>; rel=\"ice-server\""::formatted).toList();
    }
    TurnCredentials credentials = TurnCredentials.make(turn, "whip", clock.instant());
    return turn.urls().stream()
        .map(
            url ->
                "<%s>; rel=\"ice-server\"; username=\"%s\"; credential=\"%s\";"
                        .formatted(url, credentials.username(), credentials.password())
                    + " credential-type=\"password\"")
        .toList();
  }

  private Future<Void> change(OperationContext context) {
    if (!isType(context, FRAGMENT)) {
      return refuse(context, UNSUPPORTED_MEDIA_TYPE, "A change is " + FRAGMENT);
    }
    String match = context.request().getHeader("if-match");
    if (match == null) {
      return refuse(context, PRECONDITION_REQUIRED, "A change needs an If-Match header");
    }
    Resource resource = find(context);
    return text(context)
        .compose(
            text -> {
              IceFragment fragment = IceFragment.parse(text);
              Optional<IceCredentials> credentials = fragment.credentials();
              return on(resource, () -> change(resource, match, fragment, credentials));
            })
        .compose(done -> changed(context, done))
        .recover(failure -> refusal(context, failure));
  }

  /** What a change led to: whether it was one of the session asked for, and new credentials. */
  private record Changed(boolean matched, String entityTag, Optional<IceCredentials> restarted) {}

  private static Changed change(
      Resource resource, String match, IceFragment fragment, Optional<IceCredentials> credentials) {
    boolean any = match.strip().equals("*");
    if (!any && !match.contains(resource.entityTag())) {
      return new Changed(false, resource.entityTag(), Optional.empty());
    }
    Peer peer = resource.peer;
    Optional<IceCredentials> restarted = Optional.empty();
    if (credentials.isPresent() && !credentials.get().fragment().equals(peer.remoteFragment())) {
      restarted = Optional.of(peer.restart(credentials.get()));
      resource.restarted();
    }
    fragment.candidates().forEach(peer::addRemoteCandidate);
    return new Changed(true, resource.entityTag(), restarted);
  }

  private Future<Void> changed(OperationContext context, Changed changed) {
    if (!changed.matched) {
      return refuse(context, PRECONDITION_FAILED, "The ICE session is " + changed.entityTag);
    }
    HttpServerResponse response = context.response();
    if (changed.restarted.isEmpty()) {
      return response.setStatusCode(NO_CONTENT).end();
    }
    response.putHeader("content-type", FRAGMENT);
    response.putHeader("etag", changed.entityTag);
    return response.end(IceFragment.write(changed.restarted.get(), candidates.get()));
  }

  private Future<Void> end(OperationContext context) {
    Resource resource = find(context);
    if (!context.request().isEnded()) {
      context.discardBody();
    }
    return on(
            resource,
            () -> {
              resource.peer.close("ended by DELETE");
              return resource;
            })
        .compose(
            ended -> {
              resources.remove(ended.peer.id());
              return context.response().end();
            });
  }

  private Resource find(OperationContext context) {
    return resources
        .find(context.pathParameter("stream"), context.pathParameter("peer"))
        .orElseThrow(() -> AwsError.RESOURCE_NOT_FOUND.because("There is no such WebRTC peer"));
  }

  /** Calls on the peer's event loop. */
  private static <T> Future<T> on(Resource resource, Callable<T> call) {
    Promise<T> result = Promise.promise();
    resource.context.runOnContext(
        unused -> {
          try {
            result.complete(call.call());
          } catch (Exception e) {
            result.fail(e);
          }
        });
    return result.future();
  }

  private static boolean isType(OperationContext context, String type) {
    String sent = context.request().getHeader("content-type");
    return sent != null
        && sent.toLowerCase(Locale.ROOT).replaceFirst(";.*", "").strip().equals(type);
  }

  private static Future<Void> refusal(OperationContext context, Throwable failure) {
    if (failure instanceof DescriptionRefused refused) {
      int status = refused.isMalformed() ? MALFORMED : NOT_ACCEPTABLE;
      return refuse(context, status, String.valueOf(refused.getMessage()));
    }
    return Future.failedFuture(failure);
  }

  private static Future<Void> refuse(OperationContext context, int status, String message) {
    HttpServerResponse response = context.response().setStatusCode(status);
    response.putHeader("content-type", "application/json");
    Future<Void> ended = response.end(new JsonObject().put("Message", message).encode());
    if (!context.request().isEnded()) {
      context.discardBody();
    }
    return ended;
  }
}
