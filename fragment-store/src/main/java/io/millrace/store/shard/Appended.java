package io.millrace.store.shard;

import java.util.List;

/**
 * Receipt of a batch that is on stable storage.
 *
 * @param positions one per entry, in the order of the entries; unchangeable, and taken
 */
public record Appended(List<Position> positions) {}
