package io.millrace.ingest.rtp.receive;

/**
 * When a packet came.
 *
 * @param nanos monotonic
 * @param epochNanos server time, epoch ns
 */
record Arrival(long nanos, long epochNanos) {}
