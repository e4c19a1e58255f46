package io.millrace.datastreams.model;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * One shard in its life.
 *
 * @param number counted per stream from 0 upwards, never given twice
 * @param range its hash keys
 * @param parent the shard it was split from, or the first of the two it was merged from
 * @param adjacentParent the other of the two
 * @param createdSeconds epoch seconds in its sequence numbers; later than that of its parents, so
 *     that its numbers are above theirs
 * @param createdMillis server time
 * @param closedMillis server time at which it took its last record; empty while open
 */
public record StreamShard(
    int number,
    HashKeyRange range,
    OptionalInt parent,
    OptionalInt adjacentParent,
    long createdSeconds,
    long createdMillis,
    OptionalLong closedMillis) {

  public String id() {
    return ShardId.of(number);
  }

  public boolean isOpen() {
    return closedMillis.isEmpty();
  }

  /** Below the number of each of its records. */
  public SequenceNumber startingSequenceNumber() {
    return new SequenceNumber(createdSeconds, 0, createdSeconds, number);
  }

  /** Above the number of each of its records; for a closed shard. */
  public SequenceNumber endingSequenceNumber() {
    return new SequenceNumber(
        createdSeconds, SequenceNumber.LAST_INDEX, closedMillis.orElseThrow() / 1000, number);
  }

  /** Number of a record of it. */
  public SequenceNumber sequenceNumber(long position, long arrivalMillis) {
    return new SequenceNumber(createdSeconds, position, arrivalMillis / 1000, number);
  }

  /** Whether the other one is a parent of it. */
  public boolean isChildOf(int other) {
    return (parent.isPresent() && parent.getAsInt() == other)
        || (adjacentParent.isPresent() && adjacentParent.getAsInt() == other);
  }

  StreamShard closedAt(long millis) {
    return new StreamShard(
        number,
        range,
        parent,
        adjacentParent,
        createdSeconds,
        createdMillis,
        OptionalLong.of(millis));
  }
}
