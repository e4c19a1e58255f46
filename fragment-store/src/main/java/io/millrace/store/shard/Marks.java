package io.millrace.store.shard;

/**
 * Four numbers by which a record is found. The engine keeps them for each record and their minimum
 * and maximum for each {@link Extent}, so that a search by any of them touches few extents. Their
 * meaning is the caller's.
 */
public record Marks(long first, long second, long third, long fourth) {

  /** The smaller value of each. */
  public Marks min(Marks other) {
    return new Marks(
        Math.min(first, other.first),
        Math.min(second, other.second),
        Math.min(third, other.third),
        Math.min(fourth, other.fourth));
  }

  /** The larger value of each. */
  public Marks max(Marks other) {
    return new Marks(
        Math.max(first, other.first),
        Math.max(second, other.second),
        Math.max(third, other.third),
        Math.max(fourth, other.fourth));
  }
}
