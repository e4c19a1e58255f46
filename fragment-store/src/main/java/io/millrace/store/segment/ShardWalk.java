package io.millrace.store.segment;

import io.millrace.store.segment.file.CorruptSegmentException;
import io.millrace.store.segment.file.RecordLayout;
import io.millrace.store.segment.file.Segment;
import io.millrace.store.segment.file.SegmentHeader;
import io.millrace.store.segment.file.SegmentIndex;
import io.millrace.store.segment.memory.HistoryWindow;
import io.millrace.store.segment.memory.Records;
import io.millrace.store.segment.memory.ShardTail;
import io.millrace.store.shard.Position;
import java.io.IOException;
import java.util.List;

/**
 * Goes over the records of one shard from a position on: where the newest blocks cover it through
 * them, elsewhere through windows of history. Used once.
 */
final class ShardWalk {
  private final Lane lane;
  private final EngineParts parts;
  private final Shard shard;
  private final Visitor visitor;
  private final int expected;
  private long next;
  private int windowsLeft;
  private boolean paused;

  /** Is shown each record. */
  interface Visitor {
    /** Takes a record; false to stop behind it. */
    boolean take(Records records, int index);
  }

  /**
   * @param from where to begin; records that were dropped or truncated are passed over
   * @param visitor shown the records in order
   * @param expected about how many it will take
   */
  ShardWalk(
      Lane lane, EngineParts parts, Shard shard, Position from, Visitor visitor, int expected) {
    this.lane = lane;
    this.parts = parts;
    this.shard = shard;
    this.visitor = visitor;
    this.expected = expected;
    this.next = Math.max(Math.max(from.value(), shard.start().value()), lane.first().value());
  }

  /** Where to go on: every record before it was taken. */
  Position next() {
    return new Position(next);
  }

  /**
   * Goes to the end through memory.
   *
   * @return false when memory does not reach back to where it is, or no longer
   */
  boolean throughMemory() {
    // Read first: what was committed up to there is seen by what is read below.
    long end = lane.end().value();
    while (shard.tail().end().value() > next) {
      List<ShardTail.Run> runs = shard.tail().from(next, expected);
      if (lane.tail().heldFrom() > next) {
        return false;
      }
      if (runs.isEmpty()) {
        break;
      }
      for (ShardTail.Run run : runs) {
        if (!take(run.records(), run.run())) {
          return true;
        }
      }
    }
    next = Math.max(next, end);
    return true;
  }

  /** Shows the records of a run that were not shown; false when the visitor stops. */
  private boolean take(Records records, int run) {
    for (int i = records.firstFrom(run, next); i < records.end(run); i++) {
      next = records.positionValue(i) + 1;
      if (!visitor.take(records, i)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Goes on to the end, through history up to where memory begins. Reads the disk.
   *
   * @param windows after which it pauses
   * @return false when it paused: call it again
   */
  boolean throughHistory(int windows) throws IOException {
    windowsLeft = windows;
    paused = false;
    Position end = lane.end();
    for (Segment segment : lane.segments()) {
      if (segment.sequence() < RecordLayout.sequence(next()) || !segment.acquire()) {
        continue;
      }
      try {
        if (throughMemory() || !throughSegment(segment, end)) {
          return !paused;
        }
      } finally {
        segment.release();
      }
    }
    next = Math.max(next, end.value());
    return true;
  }

  /** Goes to the end of an acquired segment; false when there is no need to go on. */
  private boolean throughSegment(Segment segment, Position end) throws IOException {
    long behind = segment.summary().end();
    if (segment.sequence() == RecordLayout.sequence(end)) {
      behind = Math.min(behind, RecordLayout.offset(end));
    }
    List<SegmentIndex.Window> windows = SegmentIndexes.of(segment, parts).windows();
    for (int i = 0; i < windows.size(); i++) {
      SegmentIndex.Window window = windows.get(i);
      long stop = i + 1 < windows.size() ? Math.min(windows.get(i + 1).offset(), behind) : behind;
      if (value(segment, stop) <= next || window.offset() >= stop) {
        continue;
      }
      if (window.shards().contains(shard.number())) {
        if (windowsLeft-- <= 0) {
          paused = true;
          return false;
        }
        if (!through(segment, window.offset(), stop)) {
          return false;
        }
      }
      next = Math.max(next, value(segment, stop));
      if (throughMemory()) {
        return false;
      }
    }
    if (segment.sequence() < RecordLayout.sequence(end)) {
      next = Math.max(next, value(segment, 0) + (1L << 32) + SegmentHeader.BYTES);
    }
    return true;
  }

  /** Goes through one window; false when the visitor stops. */
  private boolean through(Segment segment, long start, long stop) throws IOException {
    HistoryWindow window = parts.history().get(segment, start, stop);
    int run = window.records().run(shard.number());
    long before = next;
    if (run >= 0 && !take(window.records(), run)) {
      return false;
    }
    CorruptSegmentException damage = window.damage();
    if (damage != null) {
      if (next == before) {
        throw damage;
      }
      return false;
    }
    return true;
  }

  private static long value(Segment segment, long offset) {
    return RecordLayout.position(segment.sequence(), offset).value();
  }
}
