package io.millrace.ingest.signaling;

import io.millrace.api.wire.OperationRouter;
import io.millrace.ingest.control.StreamNames;
import io.millrace.ingest.signaling.calls.AlexaOffers;
import io.millrace.ingest.signaling.calls.IceServers;
import io.millrace.ingest.signaling.channel.Channel;
import io.millrace.ingest.signaling.channel.Channels;
import io.millrace.ingest.signaling.channel.MappedStream;
import io.millrace.ingest.signaling.control.ChannelControl;
import io.millrace.ingest.signaling.control.ChannelEndpoints;
import io.millrace.ingest.signaling.control.ChannelNames;
import io.millrace.ingest.signaling.control.StorageControl;
import io.millrace.ingest.signaling.relay.Rooms;
import io.millrace.ingest.signaling.relay.SignalingMetrics;
import io.millrace.ingest.signaling.relay.SignalingSockets;
import io.millrace.ingest.signaling.storage.StorageSessions;
import io.millrace.ingest.webrtc.peer.PeerFactory;
import io.millrace.store.stream.StreamCatalog;
import io.millrace.store.table.Table;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The door of signaling: what the server wires and nothing else. */
public final class Signaling {
  private final SignalingMetrics metrics = new SignalingMetrics();
  private final Vertx vertx;
  private final StreamCatalog catalog;
  private final SignalingSettings settings;
  private final ChannelNames names;
  private final Rooms rooms;
  private final ChannelControl control;
  private final StorageControl storage;
  private final ChannelEndpoints endpoints;
  private final IceServers iceServers;
  private final AlexaOffers alexaOffers;
  private final SignalingSockets sockets;
  private volatile @Nullable StorageSessions sessions;

  /**
   * @param table where channels are kept
   * @param catalog streams that media of channels are stored in
   */
  public Signaling(
      Vertx vertx,
      Table table,
      StreamCatalog catalog,
      SignalingSettings settings,
      InstantSource clock,
      RandomGenerator random) {
    this.vertx = vertx;
    this.catalog = catalog;
    this.settings = settings;
    Channels channels = new Channels(table, settings.maxChannels(), clock, random);
    names = new ChannelNames(channels, settings.control());
    StreamNames streams = new StreamNames(catalog, settings.control());
    rooms = new Rooms(channels, settings.relay(), metrics);
    control = new ChannelControl(channels, names, this::deleted);
    storage =
        new StorageControl(
            channels, names, catalog, streams, channel -> changed(channel, channel.storage()));
    endpoints = new ChannelEndpoints(names, settings.publicUrl());
    iceServers = new IceServers(names, rooms, settings.turn(), clock);
    alexaOffers = new AlexaOffers(vertx, names, rooms);
    sockets = new SignalingSockets(vertx, names, rooms, settings.relay(), metrics);
  }

  private void deleted(Channel channel) {
    rooms.deleted(channel);
    changed(channel, Optional.empty());
  }

  private void changed(Channel channel, Optional<MappedStream> target) {
    StorageSessions current = sessions;
    if (current != null) {
      current.changed(channel, target);
    }
  }

  /**
   * Lets channels be stored from now on; to be called before {@link #register}. Without it storage
   * sessions are not served.
   *
   * @param peers the server's side of connections
   */
  public void storeWith(PeerFactory peers) {
    StorageSessions made =
        new StorageSessions(vertx, names, catalog, rooms, peers, settings.storage(), metrics);
    rooms.storage(made);
    sessions = made;
  }

  /** Registers every operation and route. */
  public void register(OperationRouter router) {
    control.register(router);
    storage.register(router);
    endpoints.register(router);
    iceServers.register(router);
    alexaOffers.register(router);
    sockets.register(router);
    StorageSessions current = sessions;
    if (current != null) {
      current.register(router);
    }
  }

  /** What is counted; live. */
  public SignalingMetrics metrics() {
    return metrics;
  }

  /** Drops messages that expired; to be called every few seconds. */
  public void sweep() {
    rooms.sweep();
  }

  /** Tells every client to go elsewhere and takes no new one. */
  public Future<Void> drain() {
    StorageSessions current = sessions;
    if (current != null) {
      current.drain();
    }
    return sockets.drain();
  }
}
