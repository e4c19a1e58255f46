package io.millrace.playback.timeline;

import io.millrace.media.track.GapReason;

/**
 * A stretch without media, or something to know about a stretch that has it.
 *
 * @param startNanos epoch ns
 * @param endNanos epoch ns; the start for a moment
 * @param reason why
 * @param count packets, frames or fragments lost, 0 where nobody knows
 * @param detail in words, may be empty
 */
record Gap(long startNanos, long endNanos, GapReason reason, int count, String detail) {}
