package io.millrace.ingest.fragmenter;

import io.millrace.store.fragment.FragmentNumber;

/**
 * A fragment that has a number.
 *
 * @param timecode of its Cluster as the producer wrote it, in ticks
 * @param producerTimeNanos its producer timestamp, epoch ns
 * @param number its number
 */
public record NumberedFragment(long timecode, long producerTimeNanos, FragmentNumber number) {}
