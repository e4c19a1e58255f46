package io.millrace.datastreams.read;

import io.millrace.store.shard.Position;

/**
 * Where a reader stands in a shard.
 *
 * @param stream name of the stream
 * @param createdMillis its creation time: an iterator of a deleted stream is worth nothing
 * @param shard number of the shard
 * @param position where to read on
 * @param madeMillis when it was given out, epoch milliseconds
 */
record ShardIterator(
    String stream, long createdMillis, int shard, Position position, long madeMillis) {}
