package io.millrace.ingest.signaling.storage;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.api.wire.OperationContext;
import io.millrace.api.wire.OperationRouter;
import io.millrace.ingest.feed.FeedOrigin;
import io.millrace.ingest.signaling.channel.Channel;
import io.millrace.ingest.signaling.channel.MappedStream;
import io.millrace.ingest.signaling.control.ChannelNames;
import io.millrace.ingest.signaling.relay.MessageType;
import io.millrace.ingest.signaling.relay.Rooms;
import io.millrace.ingest.signaling.relay.SignalingMetrics;
import io.millrace.ingest.signaling.relay.StorageRelay;
import io.millrace.ingest.webrtc.peer.Peer;
import io.millrace.ingest.webrtc.peer.PeerFactory;
import io.millrace.ingest.webrtc.peer.PeerMedia;
import io.millrace.ingest.webrtc.talk.Conversation;
import io.millrace.store.stream.StreamCatalog;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kinesisvideowebrtcstorage.model.JoinStorageSessionAsViewerRequest;
import software.amazon.awssdk.services.kinesisvideowebrtcstorage.model.JoinStorageSessionAsViewerResponse;
import software.amazon.awssdk.services.kinesisvideowebrtcstorage.model.JoinStorageSessionRequest;
import software.amazon.awssdk.services.kinesisvideowebrtcstorage.model.JoinStorageSessionResponse;

/**
 * Sessions in which the server is the peer of a client: it offers over the client's WebSocket,
 * takes the answer and candidates, and stores the master's media in the channel's stream; viewers
 * are sent the stream live, and may talk. Thread-safe.
 */
public final class StorageSessions implements StorageRelay {
  private record Key(String channel, long createdMillis, String client) {
    /** Names of clients are not empty. */
    static Key of(Channel channel, @Nullable String client) {
      return new Key(channel.name(), channel.createdMillis(), client == null ? "" : client);
    }
  }

  private static final int CONNECT_LOOKS = 10;
  private static final long LOOK_MILLIS = 50;

  /** A stream without media is asked anew after so long. */
  private static final long MEDIA_LOOK_MILLIS = 200;

  /** A join is answered by then, be the offer sent or still to come. */
  private static final long ANSWER_MILLIS = 1_000;

  private final Vertx vertx;
  private final ChannelNames names;
  private final StreamCatalog catalog;
  private final Rooms rooms;
  private final PeerFactory peers;
  private final StorageSettings settings;
  private final SignalingMetrics metrics;
  private final ConcurrentMap<Key, StorageSession> sessions = new ConcurrentHashMap<>();
  private final ConcurrentMap<Key, ChannelSessions> channels = new ConcurrentHashMap<>();
  private volatile boolean draining;

  /**
   * @param catalog streams that channels are stored in
   */
  public StorageSessions(
      Vertx vertx,
      ChannelNames names,
      StreamCatalog catalog,
      Rooms rooms,
      PeerFactory peers,
      StorageSettings settings,
      SignalingMetrics metrics) {
    this.vertx = vertx;
    this.names = names;
    this.catalog = catalog;
    this.rooms = rooms;
    this.peers = peers;
    this.settings = settings;
    this.metrics = metrics;
  }

  /** Registers the operations. */
  public void register(OperationRouter router) {
    router
        .service("kinesis-video-webrtc-storage")
        .operation("JoinStorageSession", JoinStorageSessionRequest::builder, this::joinMaster)
        .operation(
            "JoinStorageSessionAsViewer",
            JoinStorageSessionAsViewerRequest::builder,
            this::joinViewer);
  }

  private Future<JoinStorageSessionResponse> joinMaster(
      OperationContext context, JoinStorageSessionRequest request) {
    // Some viewers come here, and say who they are in a member that the model does not have.
    String client =
        context.extraMembers().get("clientId") instanceof String name && !name.isEmpty()
            ? name
            : null;
    return join(context, request.channelArn(), client)
        .map(done -> JoinStorageSessionResponse.builder().build());
  }

  private Future<JoinStorageSessionAsViewerResponse> joinViewer(
      OperationContext context, JoinStorageSessionAsViewerRequest request) {
    return join(context, request.channelArn(), request.clientId())
        .map(done -> JoinStorageSessionAsViewerResponse.builder().build());
  }

  private Future<Void> join(OperationContext call, String arn, @Nullable String client) {
    Channel channel = names.resolve(null, arn);
    rooms.takeJoin(channel, settings.joinRate());
    MappedStream stream =
        channel
            .storage()
            .orElseThrow(
                () ->
                    AwsError.INVALID_ARGUMENT.because(
                        "Media storage is not enabled for the channel"));
    checkExists(stream);
    if (draining) {
      throw AwsError.SERVICE_UNAVAILABLE.because("The server is shutting down");
    }
    if (sessions.size() >= settings.maxSessions()) {
      throw AwsError.CLIENT_LIMIT_EXCEEDED.because(
          "The server has its most storage sessions: " + settings.maxSessions());
    }
    return connected(channel, client, CONNECT_LOOKS)
        .compose(there -> open(call.vertxContext(), channel, stream, client));
  }

  /** A client may be quicker with its call than we with the rest of its WebSocket's handshake. */
  private Future<Void> connected(Channel channel, @Nullable String client, int looks) {
    if (rooms.isConnected(channel, client)) {
      return Future.succeededFuture();
    }
    if (looks == 0) {
      return Future.failedFuture(
          AwsError.INVALID_ARGUMENT.because(
              (client == null ? "The master" : "Viewer " + client)
                  + " is not connected to the channel; connect its WebSocket first"));
    }
    return vertx
        .timer(LOOK_MILLIS, TimeUnit.MILLISECONDS)
        .compose(later -> connected(channel, client, looks - 1));
  }

  private void checkExists(MappedStream stream) {
    if (catalog
        .find(stream.name())
        .filter(found -> found.createdMillis() == stream.createdMillis())
        .isEmpty()) {
      throw AwsError.RESOURCE_NOT_FOUND.because(
          "The stream that the channel is stored in does not exist any more");
    }
  }

  private Future<Void> open(
      Context context, Channel channel, MappedStream stream, @Nullable String client) {
    Key key = Key.of(channel, client);
    Key whole = Key.of(channel, null);
    StorageSession session =
        new StorageSession(
            vertx,
            context,
            channel,
            stream,
            client,
            settings,
            ended -> {
              sessions.remove(key, ended);
              channels.computeIfPresent(
                  whole, (each, others) -> others.remove(ended) ? null : others);
              metrics.storageSessions.decrement();
            });
    Optional<Conversation> conversation = add(whole, session);
    metrics.storageSessions.increment();
    metrics.joinedStorageSessions.increment();
    StorageSession before = sessions.put(key, session);
    if (before != null) {
      before.end("a newer join took over");
    }
    PeerMedia media =
        client == null
            ? new PeerMedia.Receive(stream.name(), FeedOrigin.STORAGE_SESSION, conversation)
            : new PeerMedia.Send(stream.name(), conversation);
    session.begin();
    Promise<Void> answer = Promise.promise();
    long timer = vertx.setTimer(ANSWER_MILLIS, late -> answer.tryComplete());
    offer(context, media, session, channel, client)
        .onFailure(failure -> session.end("no offer could be made: " + failure.getMessage()))
        .onComplete(
            done -> {
              vertx.cancelTimer(timer);
              if (done.succeeded()) {
                answer.tryComplete();
              } else {
                answer.tryFail(done.cause());
              }
            });
    return answer.future();
  }

  /** A session begins beside the others of its channel, with whom it talks. */
  private Optional<Conversation> add(Key channel, StorageSession session) {
    return channels
        .compute(
            channel,
            (key, known) -> {
              ChannelSessions all = known == null ? new ChannelSessions(conversation()) : known;
              all.add(session);
              return all;
            })
        .conversation();
  }

  private Optional<Conversation> conversation() {
    return settings.maxTalkers() == 0
        ? Optional.empty()
        : Optional.of(peers.conversation(settings.maxTalkers()));
  }

  /** Offers; to a viewer as soon as the stream has something to see. */
  private Future<Void> offer(
      Context context,
      PeerMedia media,
      StorageSession session,
      Channel channel,
      @Nullable String client) {
    return peers
        .offer(context, media, session)
        .map(peer -> offer(session, peer, channel, client))
        .recover(
            failure ->
                client != null && session.isOpen() && isWithoutMedia(failure)
                    ? vertx
                        .timer(MEDIA_LOOK_MILLIS, TimeUnit.MILLISECONDS)
                        .compose(later -> connected(channel, client, 0))
                        .compose(there -> offer(context, media, session, channel, client))
                    : Future.failedFuture(failure));
  }

  private static boolean isWithoutMedia(Throwable failure) {
    return failure instanceof AwsException refusal
        && refusal.error() == AwsError.RESOURCE_NOT_FOUND;
  }

  private @Nullable Void offer(
      StorageSession session, Peer peer, Channel channel, @Nullable String client) {
    if (session.open(peer)
        && !rooms.send(
            channel,
            client,
            MessageType.SDP_OFFER,
            SessionMessage.offer(peer.localDescription()))) {
      session.end("the client has left");
      throw AwsError.INVALID_ARGUMENT.because("The client has left the channel");
    }
    return null;
  }

  @Override
  public @Nullable String message(
      Channel channel, @Nullable String client, MessageType type, String payload) {
    if (type == MessageType.SDP_OFFER) {
      return "The media of the channel are stored: join the storage session and answer its offer";
    }
    StorageSession session = sessions.get(Key.of(channel, client));
    if (session == null) {
      return "There is no storage session of this client: join one first";
    }
    String text =
        SessionMessage.text(payload, type == MessageType.SDP_ANSWER ? "sdp" : "candidate");
    if (text == null) {
      return type == MessageType.SDP_ANSWER
          ? "messagePayload is not base64 of {\"type\":\"answer\",\"sdp\":...}"
          : "messagePayload is not base64 of {\"candidate\":...}";
    }
    session.receive(type, text);
    return null;
  }

  /** The channel was deleted, or is stored elsewhere or not at all. */
  public void changed(Channel channel, Optional<MappedStream> target) {
    end(
        session ->
            session.channel().isSame(channel) && !target.equals(Optional.of(session.stream())),
        "the channel is not stored in this stream any more");
  }

  /** Ends every session and takes no new one. */
  public void drain() {
    draining = true;
    end(session -> true, "the server is shutting down");
  }

  private void end(Predicate<StorageSession> which, String reason) {
    sessions.values().stream().filter(which).forEach(session -> session.end(reason));
  }

  /** Sessions open now. */
  public int open() {
    return sessions.size();
  }
}
