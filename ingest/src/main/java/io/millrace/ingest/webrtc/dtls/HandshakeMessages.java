package io.millrace.ingest.webrtc.dtls;

/**
 * How large the messages of a handshake say that they are (RFC 6347 section 4.2.2). The library
 * makes room for a whole message, up to 16 MB, when its first fragment comes, and for sixteen of
 * them at a time; so larger ones than anybody needs are kept from it.
 */
final class HandshakeMessages {
  private static final int RECORD_HEAD = 13;
  private static final int MESSAGE_HEAD = 12;
  private static final int HANDSHAKE = 22;
  private static final int DTLS_1_0 = 0xfeff;
  private static final int DTLS_1_2 = 0xfefd;

  private HandshakeMessages() {}

  /**
   * Whether all messages in the unprotected records of a datagram are small enough, and all records
   * of a version that there is: the library throws at the reserved one between them.
   */
  static boolean fit(byte[] datagram, int maxMessageBytes) {
    int at = 0;
    while (at + RECORD_HEAD <= datagram.length) {
      int version = uint16(datagram, at + 1);
      if (version != DTLS_1_2 && version != DTLS_1_0) {
        return false;
      }
      int end = at + RECORD_HEAD + uint16(datagram, at + RECORD_HEAD - 2);
      if (end > datagram.length) {
        // A record cut short, which is dropped with what is behind it.
        return true;
      }
      boolean plain = uint16(datagram, at + 3) == 0;
      if (plain
          && datagram[at] == HANDSHAKE
          && !fit(datagram, at + RECORD_HEAD, end, maxMessageBytes)) {
        return false;
      }
      at = end;
    }
    return true;
  }

  /** Whether all messages of which there are fragments in a record's contents are small enough. */
  static boolean fit(byte[] bytes, int from, int to, int maxMessageBytes) {
    int at = from;
    while (at + MESSAGE_HEAD <= to) {
      if (uint24(bytes, at + 1) > maxMessageBytes) {
        return false;
      }
      at += MESSAGE_HEAD + uint24(bytes, at + 9);
    }
    return true;
  }

  private static int uint16(byte[] bytes, int at) {
    return ((bytes[at] & 0xff) << 8) | (bytes[at + 1] & 0xff);
  }

  private static int uint24(byte[] bytes, int at) {
    return ((bytes[at] & 0xff) << 16) | uint16(bytes, at + 1);
  }
}
