package io.millrace.store.shard;

/**
 * Where a record stands in its log. Opaque outside the engine: only the order means something, and
 * it is the order of the log.
 *
 * @param value the engine's own number, never negative
 */
public record Position(long value) implements Comparable<Position> {
  /** Before every record of every log. */
  public static final Position START = new Position(0);

  public Position {
    if (value < 0) {
      throw new IllegalArgumentException("negative position: " + value);
    }
  }

  @Override
  public int compareTo(Position other) {
    return Long.compare(value, other.value);
  }
}
