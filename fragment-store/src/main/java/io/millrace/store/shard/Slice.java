package io.millrace.store.shard;

import java.util.List;

/**
 * Consecutive records of one log.
 *
 * @param records in order; empty when nothing came in time
 * @param next where to read on
 * @param ended true when the log is sealed and nothing follows
 */
public record Slice(List<StoredRecord> records, Position next, boolean ended) {
  public Slice {
    records = List.copyOf(records);
  }
}
