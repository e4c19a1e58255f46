package io.millrace.store.shard;

import org.jspecify.annotations.Nullable;

/**
 * A stretch of the log of a stream with what is known of the records in it. Extents come and go
 * whole; only the newest one of a stream is open and grows.
 *
 * @param id rises from extent to extent
 * @param closed whether it grows no more
 * @param records records with marks in it, of all shards of the stream
 * @param besides those of them that are not of the first shard
 * @param payloadBytes their payload
 * @param min smallest marks in it; null when it holds no record with marks
 * @param max largest marks in it; null when it holds no record with marks
 */
public record Extent(
    long id,
    boolean closed,
    long records,
    long besides,
    long payloadBytes,
    @Nullable Marks min,
    @Nullable Marks max) {}
