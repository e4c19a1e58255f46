package io.millrace.ingest.rtsp.message;

/**
 * Limits of one message.
 *
 * @param maxLineBytes longest line; default 8 KiB
 * @param maxHeaders most header lines; default 64
 * @param maxBodyBytes largest body; default 64 KiB
 */
public record MessageSettings(int maxLineBytes, int maxHeaders, int maxBodyBytes) {
  /** The documented defaults. */
  public static MessageSettings defaults() {
    return new MessageSettings(8 << 10, 64, 64 << 10);
  }
}
