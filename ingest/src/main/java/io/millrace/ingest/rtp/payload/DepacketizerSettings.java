package io.millrace.ingest.rtp.payload;

/**
 * Limits of one frame in the making; a frame beyond them is dropped.
 *
 * @param maxFrameBytes largest frame, lengths of NAL units included; default 16 MiB
 * @param maxUnits most NAL units or OBUs in a frame; default 1,024
 */
public record DepacketizerSettings(int maxFrameBytes, int maxUnits) {
  public DepacketizerSettings {
    if (maxFrameBytes < 1 || maxUnits < 1) {
      throw new IllegalArgumentException(
          "frames of at most %d bytes and %d units".formatted(maxFrameBytes, maxUnits));
    }
  }

  /** The documented defaults. */
  public static DepacketizerSettings defaults() {
    return new DepacketizerSettings(16 << 20, 1024);
  }
}
