package io.millrace.server.config;

import io.millrace.store.local.StoreSettings;
import io.millrace.store.segment.EngineSettings;
import io.millrace.store.stream.CatalogSettings;
import io.millrace.store.table.TableSettings;
import java.time.Duration;

/**
 * The {@code store} section.
 *
 * @param store limits of the store
 * @param sweepInterval time between two runs of retention
 */
public record StoreConfig(StoreSettings store, Duration sweepInterval) {

  /** Reads the section. */
  public static StoreConfig read(Settings settings) {
    EngineSettings engine =
        new EngineSettings(
            EngineSettings.DEFAULTS.nodeName(),
            settings.number("store.writer-threads", 1, 64),
            settings.number("store.reader-threads", 1, 64),
            settings.number("store.read-queue", 1, 1_000_000),
            settings.intBytes("store.round"),
            settings.intBytes("store.max-record"),
            settings.bytes("store.mailbox"),
            settings.bytes("store.stream-queue"),
            settings.bytes("store.live-ring"),
            settings.bytes("store.history-cache"),
            settings.intBytes("store.min-segment"),
            settings.intBytes("store.max-segment"),
            settings.duration("store.segment-span"),
            settings.duration("store.max-segment-age"),
            settings.number("store.open-files", 1, 1_000_000),
            settings.number("store.index-cache-entries", 0, 100_000_000),
            settings.bytes("store.spare-files"),
            settings.bytes("store.disk-reserve"),
            settings.intBytes("store.checkpoint"));
    CatalogSettings catalog =
        new CatalogSettings(
            settings.duration("store.live-buffer-age"),
            settings.bytes("store.live-buffer"),
            settings.number("store.events-between-snapshots", 1, 1_000_000));
    TableSettings tables =
        new TableSettings(
            settings.intBytes("store.max-table"),
            settings.number("store.events-between-snapshots", 1, 1_000_000));
    return new StoreConfig(
        new StoreSettings(settings.flag("store.direct-io"), engine, catalog, tables),
        settings.duration("store.sweep-interval"));
  }
}
