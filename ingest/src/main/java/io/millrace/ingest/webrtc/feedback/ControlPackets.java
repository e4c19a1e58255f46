package io.millrace.ingest.webrtc.feedback;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes the RTCP packets that ask for something (RFC 4585, RFC 3550). */
public final class ControlPackets {
  private static final int TRANSPORT_FEEDBACK = 205;
  private static final int PAYLOAD_FEEDBACK = 206;
  private static final int SDES = 202;
  private static final int GENERIC_NACK = 1;
  private static final int PICTURE_LOSS = 1;
  private static final int CNAME = 1;
  private static final int BITMASK = 16;

  /** Packets that one request can name. */
  private static final int MAX_NAMED = 256;

  private ControlPackets() {}

  /**
   * Asks for packets again.
   *
   * @param sequences 16-bit numbers in ascending order, wrapping; only the first 256 are named
   */
  public static byte[] nack(int sender, int media, List<Integer> sequences) {
    ByteBuffer entries = ByteBuffer.allocate(4 * MAX_NAMED);
    int at = 0;
    while (at < Math.min(sequences.size(), MAX_NAMED)) {
      int first = sequences.get(at++);
      int mask = 0;
      while (at < sequences.size()) {
        int ahead = (sequences.get(at) - first - 1) & 0xffff;
        if (ahead >= BITMASK) {
          break;
        }
        mask |= 1 << ahead;
        at++;
      }
      entries.putShort((short) first).putShort((short) mask);
    }
    entries.flip();
    return head(TRANSPORT_FEEDBACK, GENERIC_NACK, 12 + entries.remaining(), sender)
        .putInt(media)
        .put(entries)
        .array();
  }

  /** Asks for a keyframe. */
  public static byte[] pictureLoss(int sender, int media) {
    return head(PAYLOAD_FEEDBACK, PICTURE_LOSS, 12, sender).putInt(media).array();
  }

  /** Names a source, as every compound must (RFC 3550 section 6.5). */
  public static byte[] sourceDescription(int source, String name) {
    byte[] text = name.getBytes(StandardCharsets.US_ASCII);
    int bytes = (8 + 2 + text.length + 1 + 3) & ~3;
    return head(SDES, 1, bytes, source).put((byte) CNAME).put((byte) text.length).put(text).array();
  }

  private static ByteBuffer head(int type, int count, int bytes, int source) {
    return ByteBuffer.allocate(bytes)
        .put((byte) (0x80 | count))
        .put((byte) type)
        .putShort((short) (bytes / 4 - 1))
        .putInt(source);
  }
}
