package io.millrace.store.shard;

/**
 * What a log holds now.
 *
 * @param first no record stands before it
 * @param next every durable record stands before it
 * @param sealed whether it takes no more
 */
public record Bounds(Position first, Position next, boolean sealed) {}
