package io.millrace.playback.frame;

import java.nio.ByteBuffer;

/**
 * One coded frame of a decode job.
 *
 * @param ptsNanos presentation time on any clock, unique within the job
 * @param wanted whether its picture is asked for
 * @param data the bytes from position to limit, borrowed until the job is answered
 */
public record AccessUnit(long ptsNanos, boolean wanted, ByteBuffer data) {}
