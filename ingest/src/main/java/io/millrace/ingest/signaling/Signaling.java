package io.millrace.ingest.signaling;

import io.millrace.api.wire.OperationRouter;
import io.millrace.ingest.control.StreamNames;
import io.millrace.ingest.signaling.channel.Channels;
import io.millrace.ingest.signaling.control.ChannelControl;
import io.millrace.ingest.signaling.control.ChannelEndpoints;
import io.millrace.ingest.signaling.control.ChannelNames;
import io.millrace.ingest.signaling.control.StorageControl;
import io.millrace.store.stream.StreamCatalog;
import io.millrace.store.table.Table;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** The door of signaling: what the server wires and nothing else. */
public final class Signaling {
  private final ChannelControl control;
  private final StorageControl storage;
  private final ChannelEndpoints endpoints;

  /**
   * @param table where channels are kept
   * @param catalog streams that media of channels are stored in
   */
  public Signaling(
      Table table,
      StreamCatalog catalog,
      SignalingSettings settings,
      InstantSource clock,
      RandomGenerator random) {
    Channels channels = new Channels(table, settings.maxChannels(), clock, random);
    ChannelNames names = new ChannelNames(channels, settings.control());
    StreamNames streams = new StreamNames(catalog, settings.control());
    control = new ChannelControl(channels, names, channel -> {});
    storage = new StorageControl(channels, names, catalog, streams, channel -> {});
    endpoints = new ChannelEndpoints(names, settings.publicUrl());
  }

  /** Registers every operation and route. */
  public void register(OperationRouter router) {
    control.register(router);
    storage.register(router);
    endpoints.register(router);
  }
}
