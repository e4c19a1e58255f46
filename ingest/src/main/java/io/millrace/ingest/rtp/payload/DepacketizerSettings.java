package io.millrace.ingest.rtp.payload;

/**
 * Limits of one frame in the making.
 *
 * @param maxFrameBytes largest frame; default 16 MiB
 * @param maxUnits most NAL units in a frame; default 1,024
 */
public record DepacketizerSettings(int maxFrameBytes, int maxUnits) {
  /** The documented defaults. */
  public static DepacketizerSettings defaults() {
    return new DepacketizerSettings(16 << 20, 1024);
  }
}
