package io.millrace.store.segment.memory;

import io.millrace.store.segment.file.CorruptSegmentException;
import org.jspecify.annotations.Nullable;

/**
 * Consecutive blocks of a segment that were read.
 *
 * @param records all records of callers in it, up to the damage if there is one
 * @param end offset behind the last block that was read
 * @param damage what stands behind the records that is no record; null when all is sound
 */
public record HistoryWindow(
    EncodedRecords records, long end, @Nullable CorruptSegmentException damage) {}
