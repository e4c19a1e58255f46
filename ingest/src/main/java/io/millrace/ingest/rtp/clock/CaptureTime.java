package io.millrace.ingest.rtp.clock;

import io.millrace.media.track.ClockSource;

/**
 * When a frame was captured, and how sure that is.
 *
 * @param epochNanos epoch ns
 * @param source whose clock said so
 * @param errorNanos estimate of how far it may be off that clock, ns
 * @param jumped whether the clock was set to another time just before this frame: times before and
 *     after it are not comparable
 */
public record CaptureTime(long epochNanos, ClockSource source, long errorNanos, boolean jumped) {}
