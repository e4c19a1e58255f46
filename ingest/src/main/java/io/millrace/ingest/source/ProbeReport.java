package io.millrace.ingest.source;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What a source sends.
 *
 * @param tracks what it offers, in its order
 * @param clockOffsetMillis its clock minus the server's, where it told its clock
 */
public record ProbeReport(List<ProbedTrack> tracks, OptionalLong clockOffsetMillis) {
  public ProbeReport {
    tracks = List.copyOf(tracks);
  }

  /**
   * One track.
   *
   * @param kind {@code video}, {@code audio} or another SDP media type
   * @param codec encoding name such as {@code H264}
   * @param supported whether it can be stored
   * @param width pixels, 0 where unknown
   * @param height pixels, 0 where unknown
   * @param framesPerSecond as measured
   * @param gopSeconds distance of keyframes as measured
   * @param samplingHz of sound, 0 for video
   * @param channels of sound, 0 for video
   */
  public record ProbedTrack(
      String kind,
      String codec,
      boolean supported,
      int width,
      int height,
      OptionalDouble framesPerSecond,
      OptionalDouble gopSeconds,
      int samplingHz,
      int channels) {}
}
