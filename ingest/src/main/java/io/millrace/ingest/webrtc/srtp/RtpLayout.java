package io.millrace.ingest.webrtc.srtp;

/** Where the header of an RTP packet ends. */
final class RtpLayout {
  static final int FIXED_BYTES = 12;

  private RtpLayout() {}

  /** Offset of the payload, -1 when the packet is none or its header does not fit into it. */
  static int payloadAt(byte[] bytes, int length) {
    if (length < FIXED_BYTES || (bytes[0] & 0xc0) != 0x80) {
      return -1;
    }
    int at = FIXED_BYTES + 4 * (bytes[0] & 0x0f);
    if ((bytes[0] & 0x10) != 0) {
      if (at + 4 > length) {
        return -1;
      }
      at += 4 + 4 * Words.uint16(bytes, at + 2);
    }
    return at > length ? -1 : at;
  }
}
