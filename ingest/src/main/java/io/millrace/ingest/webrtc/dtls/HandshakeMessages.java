package io.millrace.ingest.webrtc.dtls;

import java.util.Arrays;

/**
 * What of an unprotected datagram the library may see. It makes room for a whole message of a
 * handshake (RFC 6347 section 4.2.2), up to 16 MB, when its first fragment comes, and for sixteen
 * of them at a time; so larger ones than anybody needs are kept from it. Alerts that nobody signed
 * are kept from it, too.
 */
final class HandshakeMessages {
  private static final int RECORD_HEAD = 13;
  private static final int MESSAGE_HEAD = 12;
  private static final int ALERT = 21;
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
      if (isPlain(datagram, at)
          && datagram[at] == HANDSHAKE
          && !fit(datagram, at + RECORD_HEAD, end, maxMessageBytes)) {
        return false;
      }
      at = end;
    }
    return true;
  }

  /**
   * A datagram without its unprotected alerts. Anybody can write them, and the library would end
   * the handshake; a peer that gives it up is silent from then on, and time ends it (RFC 6347
   * section 4.1.2.7).
   *
   * @return the same array where there are none
   */
  static byte[] withoutAlerts(byte[] datagram) {
    byte[] kept = datagram;
    int at = 0;
    while (at + RECORD_HEAD <= kept.length) {
      int end = at + RECORD_HEAD + uint16(kept, at + RECORD_HEAD - 2);
      if (end > kept.length) {
        break;
      }
      if (isPlain(kept, at) && kept[at] == ALERT) {
        byte[] shorter = Arrays.copyOf(kept, kept.length - (end - at));
        System.arraycopy(kept, end, shorter, at, kept.length - end);
        kept = shorter;
      } else {
        at = end;
      }
    }
    return kept;
  }

  private static boolean isPlain(byte[] datagram, int recordAt) {
    return uint16(datagram, recordAt + 3) == 0;
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
