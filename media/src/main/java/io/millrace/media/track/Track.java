package io.millrace.media.track;

import java.util.Optional;

/**
 * One elementary stream as its container declares it.
 *
 * @param number track number that frames refer to (1..)
 * @param uid Matroska TrackUID, 0 where absent
 * @param type what the frames are
 * @param name display name, may be empty
 * @param codecId Matroska CodecID such as {@code V_MPEG4/ISO/AVC}
 * @param codecPrivate decoder setup bytes (avcC, hvcC, AudioSpecificConfig, WAVEFORMATEX); empty
 *     where the container has none
 * @param defaultDurationNanos nominal duration of one frame, 0 where undeclared
 * @param video picture format, present for video tracks
 * @param audio sound format, present for audio tracks
 */
public record Track(
    int number,
    long uid,
    TrackType type,
    String name,
    String codecId,
    CodecPrivateData codecPrivate,
    long defaultDurationNanos,
    Optional<VideoFormat> video,
    Optional<AudioFormat> audio) {

  /** The same track with other setup bytes. */
  public Track withCodecPrivate(CodecPrivateData replacement) {
    return new Track(
        number, uid, type, name, codecId, replacement, defaultDurationNanos, video, audio);
  }

  /** Kind of elementary stream; values other than video and audio are stored, not played. */
  public enum TrackType {
    VIDEO,
    AUDIO,
    OTHER
  }

  /** Picture size in pixels as declared by the container. */
  public record VideoFormat(int width, int height) {}

  /** Sampling rate in Hz and channel count as declared by the container; bit depth 0 if absent. */
  public record AudioFormat(double samplingHz, int channels, int bitDepth) {}
}
