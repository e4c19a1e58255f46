package io.millrace.tests.hostile;

import java.nio.ByteBuffer;
import java.util.List;

/** DTLS records that nobody should send (RFC 6347): forged, broken, never completed. */
final class DtlsJunk {
  private static final int CHANGE_CIPHER_SPEC = 20;
  private static final int ALERT = 21;
  private static final int HANDSHAKE = 22;
  private static final int APPLICATION_DATA = 23;
  private static final short DTLS_1_2 = (short) 0xfefd;
  private static final int CLIENT_HELLO = 1;

  private final Junk junk;
  private final List<byte[]> truth;
  private long sequence = 1 << 20;

  /**
   * @param truth records of a real handshake; may be empty
   */
  DtlsJunk(Junk junk, List<byte[]> truth) {
    this.junk = junk;
    this.truth = truth;
  }

  /** Something of everything. */
  byte[] any() {
    return switch (junk.below(12)) {
      case 0 -> record(ALERT, 0, new byte[] {2, (byte) junk.below(120)});
      case 1 -> record(ALERT, 0, new byte[] {1, 0});
      case 2 -> record(CHANGE_CIPHER_SPEC, 0, new byte[] {1});
      case 3 -> record(APPLICATION_DATA, 0, junk.bytes(40));
      case 4 -> record(HANDSHAKE, 0, handshake(junk.below(25), 60, 0, 60));
      case 5 -> record(20 + junk.below(6), 1, junk.bytes(junk.below(100)));
      case 6 -> record(20 + junk.below(44), 2 + junk.below(3), junk.bytes(30));
      case 7 -> fragment();
      case 8 -> java.util.Arrays.copyOf(record(HANDSHAKE, 0, junk.bytes(60)), 14 + junk.below(30));
      case 9 -> junk.mutated(record(ALERT, 1, junk.bytes(26)));
      default ->
          truth.isEmpty()
              ? junk.mutated(clientHello())
              : junk.mutated(truth.get(junk.below(truth.size())));
    };
  }

  /** The beginning of a long message whose rest never comes. */
  byte[] fragment() {
    return record(HANDSHAKE, 0, handshake(CLIENT_HELLO, 0xffff, junk.below(0xf000), 100));
  }

  /** A ClientHello as an ordinary client begins with, with nothing of SRTP in it. */
  byte[] clientHello() {
    byte[] body = junk.bytes(2 + 32 + 1 + 1 + 2 + 4 + 2);
    ByteBuffer.wrap(body)
        .putShort(DTLS_1_2)
        .put(34, (byte) 0)
        .put(35, (byte) 0)
        .putShort(36, (short) 4)
        .putShort(38, (short) 0xc02b)
        .putShort(40, (short) 0xc02f)
        .putShort(42, (short) 0x0100);
    ByteBuffer message = ByteBuffer.allocate(12 + body.length);
    message
        .put((byte) CLIENT_HELLO)
        .put((byte) 0)
        .putShort((short) body.length)
        .putShort((short) 0);
    message.put((byte) 0).putShort((short) 0).put((byte) 0).putShort((short) body.length).put(body);
    return record(HANDSHAKE, 0, message.array());
  }

  private byte[] handshake(int type, int length, int offset, int piece) {
    ByteBuffer message = ByteBuffer.allocate(12 + piece);
    message.put((byte) type).put((byte) 0).putShort((short) length);
    message.putShort((short) junk.below(8)).put((byte) 0).putShort((short) offset);
    return message.put((byte) 0).putShort((short) piece).put(junk.bytes(piece)).array();
  }

  private byte[] record(int type, int epoch, byte[] body) {
    ByteBuffer bytes = ByteBuffer.allocate(13 + body.length);
    bytes.put((byte) type).putShort(DTLS_1_2).putShort((short) epoch);
    bytes.putShort((short) (sequence >>> 32)).putInt((int) sequence++);
    return bytes.putShort((short) body.length).put(body).array();
  }
}
