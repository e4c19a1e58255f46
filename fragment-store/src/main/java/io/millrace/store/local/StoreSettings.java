package io.millrace.store.local;

import io.millrace.store.segment.EngineSettings;
import io.millrace.store.stream.CatalogSettings;
import io.millrace.store.table.TableSettings;

/**
 * Settings of the store.
 *
 * @param directIo whether to write past the page cache where the file system takes it
 * @param engine limits of the log
 * @param catalog limits of the catalogue
 * @param tables limits of each table
 */
public record StoreSettings(
    boolean directIo, EngineSettings engine, CatalogSettings catalog, TableSettings tables) {
  /** The defaults. */
  public static final StoreSettings DEFAULTS =
      new StoreSettings(
          true, EngineSettings.DEFAULTS, CatalogSettings.DEFAULTS, TableSettings.DEFAULTS);
}
