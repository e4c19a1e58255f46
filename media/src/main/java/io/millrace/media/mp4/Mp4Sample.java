package io.millrace.media.mp4;

/**
 * Where one frame of an MP4 file lies and when it is shown.
 *
 * @param trackNumber number of its {@link io.millrace.media.track.Track}
 * @param ptsNanos presentation time after composition offset and edit list; negative for what the
 *     edit list cuts off the start
 * @param dtsNanos decode time, by which samples are put in order
 * @param durationNanos as the file declares it
 * @param keyframe sync sample
 * @param offset first byte in the file
 * @param sizeBytes length
 */
public record Mp4Sample(
    int trackNumber,
    long ptsNanos,
    long dtsNanos,
    long durationNanos,
    boolean keyframe,
    long offset,
    int sizeBytes) {}
