package io.millrace.media.track;

import java.nio.ByteBuffer;

/**
 * One access unit or audio block.
 *
 * @param trackNumber track it belongs to
 * @param ptsNanos presentation time in nanoseconds on the container's clock (cluster timecode +
 *     block offset); with ABSOLUTE producers this is nanoseconds since the epoch
 * @param durationNanos declared duration, 0 where the container gives none
 * @param keyframe whether the container marks it as a random access point
 * @param data payload, a read-only view into the bytes it was parsed from (big endian)
 */
public record Frame(
    int trackNumber, long ptsNanos, long durationNanos, boolean keyframe, ByteBuffer data) {}
