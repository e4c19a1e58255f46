package io.millrace.store.shard;

import java.util.List;

/**
 * Receipt of a batch that is on stable storage.
 *
 * @param positions one per entry, in the order of the entries
 */
public record Appended(List<Position> positions) {
  public Appended {
    positions = List.copyOf(positions);
  }
}
