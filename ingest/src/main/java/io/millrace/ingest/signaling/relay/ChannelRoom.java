package io.millrace.ingest.signaling.relay;

import io.millrace.api.error.AwsError;
import io.millrace.ingest.signaling.channel.Channel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Who is connected to one channel, and what waits for its master. Thread-safe. */
final class ChannelRoom {
  private final RelaySettings settings;
  private final SignalingMetrics metrics;
  private final CallRate masterRate;
  private final CallRate viewerRate;
  private final CallRate iceConfigRate;
  private final KeptMessages kept;
  private final Map<String, SocketConnection> viewers = new HashMap<>();

  /** Answers that somebody other than a viewer waits for, by the name in the offer. */
  private final Map<String, CompletableFuture<String>> awaited = new HashMap<>();

  private @Nullable SocketConnection master;
  private @Nullable CallRate joinRate;
  private boolean removed;

  ChannelRoom(RelaySettings settings, AtomicLong keptBytesOfAll, SignalingMetrics metrics) {
    this.settings = settings;
    this.metrics = metrics;
    long now = System.nanoTime();
    masterRate = new CallRate(settings.connectRate(), now);
    viewerRate = new CallRate(settings.connectRate(), now);
    iceConfigRate = new CallRate(settings.iceConfigRate(), now);
    kept =
        new KeptMessages(
            settings.maxKeptMessages(), settings.maxKeptBytes(), keptBytesOfAll, metrics);
  }

  CallRate iceConfigRate() {
    return iceConfigRate;
  }

  synchronized CallRate joinRate(int perSecond) {
    if (joinRate == null) {
      joinRate = new CallRate(perSecond, System.nanoTime());
    }
    return joinRate;
  }

  /**
   * Whether a client may connect.
   *
   * @param client null for a master
   * @throws io.millrace.api.error.AwsException CLIENT_LIMIT_EXCEEDED if not
   */
  synchronized void admit(@Nullable String client) {
    if (!(client == null ? masterRate : viewerRate).tryTake(System.nanoTime())) {
      throw AwsError.CLIENT_LIMIT_EXCEEDED.because(
          "More than %d connections to the channel within a second"
              .formatted(settings.connectRate()));
    }
    if (client != null && !hasRoomFor(client)) {
      throw AwsError.CLIENT_LIMIT_EXCEEDED.because(
          "The channel has its most viewers: " + settings.maxViewers());
    }
  }

  private boolean hasRoomFor(String client) {
    return viewers.containsKey(client) || viewers.size() < settings.maxViewers();
  }

  /**
   * Takes a client in; one of the same name has to leave, and messages that waited are sent.
   *
   * @return whether it was taken: there may be too many by now
   */
  synchronized boolean join(SocketConnection connection) {
    String client = connection.client();
    if (removed || (client != null && !hasRoomFor(client))) {
      return false;
    }
    SocketConnection before = client == null ? master : viewers.put(client, connection);
    if (client == null) {
      master = connection;
      kept.take(System.nanoTime()).forEach(connection::relay);
    }
    if (before != null) {
      if (client == null) {
        metrics.replacedMasters.increment();
      }
      before.close(SocketConnection.NORMAL, "replaced by a newer connection");
    }
    return true;
  }

  synchronized void leave(SocketConnection connection) {
    String client = connection.client();
    if (client != null) {
      viewers.remove(client, connection);
    } else if (master == connection) {
      master = null;
    }
  }

  /** Brings a message to the master, or keeps it. */
  synchronized void toMaster(
      Channel channel, String sender, MessageType type, String payload, @Nullable String wanted)
      throws BadMessage {
    if (master != null) {
      master.relay(ServerMessage.of(sender, type, payload));
    } else if (!kept.keep(sender, type, payload, System.nanoTime(), channel.messageTtlSeconds())) {
      throw new BadMessage(
          AwsError.CLIENT_LIMIT_EXCEEDED,
          wanted,
          "The master is not connected, and too many messages wait for it already");
    }
  }

  /** Brings a master's message to a viewer. */
  synchronized void toViewer(ClientMessage message) throws BadMessage {
    String recipient = message.recipient();
    if (recipient == null) {
      throw new BadMessage(
          AwsError.INVALID_ARGUMENT,
          message.correlationId(),
          "A master must name the recipientClientId");
    }
    SocketConnection viewer = viewers.get(recipient);
    CompletableFuture<String> answer = awaited.get(recipient);
    if (viewer != null) {
      viewer.relay(ServerMessage.of(null, message.type(), message.payload()));
    } else if (answer != null) {
      if (message.type() == MessageType.SDP_ANSWER) {
        awaited.remove(recipient);
        answer.complete(message.payload());
      }
    } else {
      throw new BadMessage(
          AwsError.RESOURCE_NOT_FOUND,
          message.correlationId(),
          "No client " + recipient + " is connected to the channel");
    }
  }

  /**
   * Sends the server's own message to a client.
   *
   * @param client null for the master
   * @return whether it is connected
   */
  synchronized boolean send(@Nullable String client, MessageType type, String payload) {
    SocketConnection connection = client == null ? master : viewers.get(client);
    if (connection == null) {
      return false;
    }
    connection.relay(ServerMessage.of(null, type, payload));
    return true;
  }

  /** Whether a client, null for the master, is connected. */
  synchronized boolean has(@Nullable String client) {
    return client == null ? master != null : viewers.containsKey(client);
  }

  /**
   * Notes that somebody waits for the master's answer.
   *
   * @throws io.millrace.api.error.AwsException CLIENT_LIMIT_EXCEEDED if too many do
   */
  synchronized CompletableFuture<String> await(String sender) {
    if (!awaited.containsKey(sender) && awaited.size() >= settings.maxViewers()) {
      throw AwsError.CLIENT_LIMIT_EXCEEDED.because(
          "The channel has its most outstanding offers: " + settings.maxViewers());
    }
    CompletableFuture<String> answer = new CompletableFuture<>();
    CompletableFuture<String> before = awaited.put(sender, answer);
    if (before != null) {
      before.completeExceptionally(
          AwsError.INVALID_ARGUMENT.because("Another offer of this client came after it"));
    }
    return answer;
  }

  /** Nobody waits any longer. */
  synchronized void forget(String sender, CompletableFuture<String> answer) {
    awaited.remove(sender, answer);
  }

  /** Everybody who is connected. */
  synchronized List<SocketConnection> connections() {
    List<SocketConnection> all = new ArrayList<>(viewers.values());
    if (master != null) {
      all.add(master);
    }
    return all;
  }

  /**
   * Drops what expired.
   *
   * @return whether nothing is left, and the room is not to be used again
   */
  synchronized boolean sweep() {
    kept.expire(System.nanoTime());
    removed = master == null && viewers.isEmpty() && awaited.isEmpty() && kept.isEmpty();
    return removed;
  }

  /** Makes the room useless, whatever is in it. */
  synchronized void remove() {
    removed = true;
    kept.clear();
  }

  synchronized boolean isRemoved() {
    return removed;
  }
}
