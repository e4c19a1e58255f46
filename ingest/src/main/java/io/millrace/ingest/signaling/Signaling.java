package io.millrace.ingest.signaling;

import io.millrace.api.wire.OperationRouter;
import io.millrace.ingest.control.StreamNames;
import io.millrace.ingest.signaling.calls.AlexaOffers;
import io.millrace.ingest.signaling.calls.IceServers;
import io.millrace.ingest.signaling.channel.Channels;
import io.millrace.ingest.signaling.control.ChannelControl;
import io.millrace.ingest.signaling.control.ChannelEndpoints;
import io.millrace.ingest.signaling.control.ChannelNames;
import io.millrace.ingest.signaling.control.StorageControl;
import io.millrace.ingest.signaling.relay.Rooms;
import io.millrace.ingest.signaling.relay.SignalingMetrics;
import io.millrace.ingest.signaling.relay.SignalingSockets;
import io.millrace.store.stream.StreamCatalog;
import io.millrace.store.table.Table;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** The door of signaling: what the server wires and nothing else. */
public final class Signaling {
  private final SignalingMetrics metrics = new SignalingMetrics();
  private final Rooms rooms;
  private final ChannelControl control;
  private final StorageControl storage;
  private final ChannelEndpoints endpoints;
  private final IceServers iceServers;
  private final AlexaOffers alexaOffers;
  private final SignalingSockets sockets;

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
    Channels channels = new Channels(table, settings.maxChannels(), clock, random);
    ChannelNames names = new ChannelNames(channels, settings.control());
    StreamNames streams = new StreamNames(catalog, settings.control());
    rooms = new Rooms(channels, settings.relay(), metrics);
    control = new ChannelControl(channels, names, rooms::deleted);
    storage = new StorageControl(channels, names, catalog, streams, channel -> {});
    endpoints = new ChannelEndpoints(names, settings.publicUrl());
    iceServers = new IceServers(names, rooms, settings.turn(), clock);
    alexaOffers = new AlexaOffers(vertx, names, rooms);
    sockets = new SignalingSockets(vertx, names, rooms, settings.relay(), metrics);
  }

  /** Registers every operation and route. */
  public void register(OperationRouter router) {
    control.register(router);
    storage.register(router);
    endpoints.register(router);
    iceServers.register(router);
    alexaOffers.register(router);
    sockets.register(router);
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
    return sockets.drain();
  }
}
