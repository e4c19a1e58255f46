package io.millrace.store.fragment;

/**
 * What the index knows of one durable fragment; the bytes stay in the log.
 *
 * @param number its number
 * @param producerTimeNanos producer timestamp (its cluster timecode on the producer's clock), epoch
 *     ns
 * @param serverTimeMillis epoch milliseconds at which its first byte arrived
 * @param durationNanos from its producer timestamp to the end of its last picture in presentation
 *     order, or of its last frame where it has no picture
 * @param sizeBytes bytes of its payload (header part, tags and cluster)
 * @param formatId opaque to the store: equal for fragments whose decoder setup is equal
 * @param flags opaque to the store: bits the writer set
 */
public record FragmentEntry(
    FragmentNumber number,
    long producerTimeNanos,
    long serverTimeMillis,
    long durationNanos,
    int sizeBytes,
    int formatId,
    int flags) {}
