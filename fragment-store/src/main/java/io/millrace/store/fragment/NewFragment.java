package io.millrace.store.fragment;

import java.nio.ByteBuffer;

/**
 * A complete fragment on its way into the log.
 *
 * @param number taken from {@link FragmentLog#nextNumber} when its first byte arrived
 * @param producerTimeNanos as in {@link FragmentEntry}
 * @param durationNanos as in {@link FragmentEntry}
 * @param formatId as in {@link FragmentEntry}
 * @param flags as in {@link FragmentEntry}
 * @param payload the bytes from position to limit; {@link FragmentLog#append} <em>takes</em> them:
 *     the caller must not change them afterwards
 */
public record NewFragment(
    FragmentNumber number,
    long producerTimeNanos,
    long durationNanos,
    int formatId,
    int flags,
    ByteBuffer payload) {}
