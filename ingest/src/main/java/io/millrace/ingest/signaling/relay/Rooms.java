package io.millrace.ingest.signaling.relay;

import io.millrace.api.error.AwsError;
import io.millrace.ingest.signaling.channel.Channel;
import io.millrace.ingest.signaling.channel.Channels;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Brings messages of clients to whom they are for. Thread-safe. */
public final class Rooms {
  private record Key(String name, long createdMillis) {
    static Key of(Channel channel) {
      return new Key(channel.name(), channel.createdMillis());
    }
  }

  private final Channels channels;
  private final RelaySettings settings;
  private final SignalingMetrics metrics;
  private final AtomicLong keptBytes = new AtomicLong();
  private final ConcurrentMap<Key, ChannelRoom> rooms = new ConcurrentHashMap<>();
  private volatile @Nullable StorageRelay storage;

  /**
   * @param channels asked at each message, so that changes of a channel count at once
   */
  public Rooms(Channels channels, RelaySettings settings, SignalingMetrics metrics) {
    this.channels = channels;
    this.settings = settings;
    this.metrics = metrics;
  }

  /** Names who takes the messages of channels whose media are stored. */
  public void storage(StorageRelay relay) {
    storage = relay;
  }

  private ChannelRoom room(Channel channel) {
    return rooms.compute(
        Key.of(channel),
        (key, room) ->
            room == null || room.isRemoved()
                ? new ChannelRoom(settings, keptBytes, metrics)
                : room);
  }

  void admit(Channel channel, @Nullable String client) {
    room(channel).admit(client);
  }

  boolean join(SocketConnection connection) {
    return room(connection.channel()).join(connection);
  }

  void leave(SocketConnection connection) {
    ChannelRoom room = rooms.get(Key.of(connection.channel()));
    if (room != null) {
      room.leave(connection);
    }
  }

  void receive(SocketConnection connection, ClientMessage message) throws BadMessage {
    Channel channel =
        channels
            .find(connection.channel().name())
            .filter(connection.channel()::isSame)
            .orElseThrow(
                () ->
                    new BadMessage(
                        AwsError.RESOURCE_NOT_FOUND,
                        message.correlationId(),
                        "The channel was deleted"));
    StorageRelay relay = storage;
    if (channel.storage().isPresent() && relay != null) {
      String useless =
          relay.message(channel, connection.client(), message.type(), message.payload());
      if (useless != null) {
        throw new BadMessage(AwsError.INVALID_ARGUMENT, message.correlationId(), useless);
      }
    } else if (connection.client() == null) {
      room(channel).toViewer(message);
    } else {
      room(channel)
          .toMaster(
              channel,
              connection.client(),
              message.type(),
              message.payload(),
              message.correlationId());
    }
  }

  /**
   * Sends the server's own message to a client.
   *
   * @param client null for the master
   * @param payload in base64
   * @return whether the client is connected
   */
  public boolean send(Channel channel, @Nullable String client, MessageType type, String payload) {
    return room(channel).send(client, type, payload);
  }

  /** Whether a client, null for the master, is connected. */
  public boolean isConnected(Channel channel, @Nullable String client) {
    return room(channel).has(client);
  }

  /**
   * Offers to the master for a client that has no connection.
   *
   * @return the answer's payload; stays open when none comes, see {@link #forget}
   * @throws io.millrace.api.error.AwsException CLIENT_LIMIT_EXCEEDED if too many offers wait
   */
  public CompletableFuture<String> offer(Channel channel, String sender, String payload) {
    ChannelRoom room = room(channel);
    CompletableFuture<String> answer = room.await(sender);
    try {
      room.toMaster(channel, sender, MessageType.SDP_OFFER, payload, null);
    } catch (BadMessage e) {
      room.forget(sender, answer);
      throw e.error().because(e.description());
    }
    return answer;
  }

  /** Gives an offer up. */
  public void forget(Channel channel, String sender, CompletableFuture<String> answer) {
    room(channel).forget(sender, answer);
  }

  /**
   * Counts a GetIceServerConfig call.
   *
   * @throws io.millrace.api.error.AwsException CLIENT_LIMIT_EXCEEDED
   */
  public void takeIceConfig(Channel channel) {
    if (!room(channel).iceConfigRate().tryTake(System.nanoTime())) {
      throw AwsError.CLIENT_LIMIT_EXCEEDED.because(
          "More than %d calls for the channel within a second".formatted(settings.iceConfigRate()));
    }
  }

  /**
   * Counts a join of a storage session.
   *
   * @param perSecond how many are allowed for a channel
   * @throws io.millrace.api.error.AwsException CLIENT_LIMIT_EXCEEDED
   */
  public void takeJoin(Channel channel, int perSecond) {
    if (!room(channel).joinRate(perSecond).tryTake(System.nanoTime())) {
      throw AwsError.CLIENT_LIMIT_EXCEEDED.because(
          "More than %d calls for the channel within a second".formatted(perSecond));
    }
  }

  /** Closes every connection of a channel that was deleted. */
  public void deleted(Channel channel) {
    ChannelRoom room = rooms.remove(Key.of(channel));
    if (room != null) {
      room.remove();
      room.connections()
          .forEach(each -> each.close(SocketConnection.NORMAL, "the channel was deleted"));
    }
  }

  /** Tells every client to fetch ICE servers anew; gives how many were told. */
  public int reconnectIceServers() {
    List<SocketConnection> all = connections();
    all.forEach(connection -> connection.send(ServerMessage.RECONNECT_ICE_SERVER));
    return all.size();
  }

  List<SocketConnection> connections() {
    List<SocketConnection> all = new ArrayList<>();
    Consumer<ChannelRoom> add = room -> all.addAll(room.connections());
    rooms.values().forEach(add);
    return all;
  }

  /** Drops messages that expired and rooms that nobody is in; to be called every few seconds. */
  public void sweep() {
    rooms.values().removeIf(ChannelRoom::sweep);
  }
}
