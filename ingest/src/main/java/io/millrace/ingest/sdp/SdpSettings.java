package io.millrace.ingest.sdp;

/**
 * Limits of a session description.
 *
 * @param maxChars longest text; default 65,536
 * @param maxMedia most media sections; default 16
 * @param maxAttributes most attributes in all; default 2,000
 */
public record SdpSettings(int maxChars, int maxMedia, int maxAttributes) {
  /** The documented defaults. */
  public static SdpSettings defaults() {
    return new SdpSettings(64 << 10, 16, 2000);
  }
}
