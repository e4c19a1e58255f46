package io.millrace.store.table;

/**
 * Limits of a table.
 *
 * @param maxBytes names and values of one table; an update beyond fails with TOO_LARGE. A snapshot
 *     is one batch, so less than what the log takes in one
 * @param changesBetweenSnapshots changes of single values after which the whole table is written
 */
public record TableSettings(int maxBytes, int changesBetweenSnapshots) {
  /** The defaults. */
  public static final TableSettings DEFAULTS = new TableSettings(32 << 20, 1000);

  public TableSettings {
    if (maxBytes < 1 || changesBetweenSnapshots < 1) {
      throw new IllegalArgumentException("table setting out of range");
    }
  }
}
