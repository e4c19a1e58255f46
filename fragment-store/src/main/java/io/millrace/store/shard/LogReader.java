package io.millrace.store.shard;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Reads one log. Thread-safe; sees durable records only. */
public interface LogReader {
  /**
   * Records from a position on. At the end it waits up to {@code wait} for more. A position that
   * was dropped reads from the oldest kept. At least one record is returned when there is one,
   * however large.
   *
   * @param maxRecords at least 1
   * @param maxBytes payload bytes after which no further record is added
   */
  CompletionStage<Slice> read(Position from, int maxRecords, int maxBytes, Duration wait);

  /** The position of the first record that arrived at or after an instant; the end if none did. */
  CompletionStage<Position> seek(Instant arrival);

  /** First and next position. */
  Bounds bounds();

  /** What is kept, oldest first. No disk access. */
  List<Extent> extents();

  /**
   * The heads of the records with marks in an extent, of this shard, in log order. Complete at once
   * for the newest extents; empty for one that was dropped meanwhile.
   */
  CompletionStage<List<Head>> heads(Extent extent);

  /** Heads of the newest records with marks that are in memory, in log order. */
  List<Head> newestHeads(int limit);

  /** Largest value of each mark ever appended to the stream, dropped records included. */
  @Nullable Marks highest();

  /**
   * Payload of a record; a read-only view, valid while reachable. Recent ones come from memory.
   * Fails with GONE when it was dropped, IO when its bytes do not match their checksum.
   */
  CompletionStage<ByteBuffer> payload(Head head);

  /**
   * Completes when the log holds a record at or after a position, when it is sealed, or when the
   * time is over. Fails when the log can no longer be read.
   */
  CompletionStage<Void> changed(Position seen, Duration wait);

  /** Bytes the files of the stream take. */
  long diskBytes();
}
