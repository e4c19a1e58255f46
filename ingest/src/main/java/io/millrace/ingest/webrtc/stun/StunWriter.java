package io.millrace.ingest.webrtc.stun;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;

/** Writes one STUN message, attributes in the order of the calls. */
public final class StunWriter {
  private static final int MAX_BYTES = 1024;

  private final ByteBuffer out = ByteBuffer.allocate(MAX_BYTES);

  /**
   * @param transactionId twelve bytes
   */
  public StunWriter(StunType type, byte[] transactionId) {
    if (transactionId.length != 12) {
      throw new IllegalArgumentException("a transaction id of " + transactionId.length + " bytes");
    }
    out.putShort((short) type.code()).putShort((short) 0).putInt(StunMessage.MAGIC_COOKIE);
    out.put(transactionId);
  }

  public StunWriter username(String name) {
    return attribute(StunAttribute.USERNAME, name.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * @param priority 32 bits without sign
   */
  public StunWriter priority(long priority) {
    out.putShort((short) StunAttribute.PRIORITY).putShort((short) 4).putInt((int) priority);
    return this;
  }

  public StunWriter useCandidate() {
    return attribute(StunAttribute.USE_CANDIDATE, new byte[0]);
  }

  /**
   * @param attribute {@link StunAttribute#ICE_CONTROLLED} or ICE_CONTROLLING
   */
  public StunWriter tieBreaker(int attribute, long value) {
    out.putShort((short) attribute).putShort((short) 8).putLong(value);
    return this;
  }

  /**
   * @param code 300 to 699
   */
  public StunWriter errorCode(int code, String reason) {
    byte[] text = reason.getBytes(StandardCharsets.UTF_8);
    byte[] value = new byte[4 + text.length];
    value[2] = (byte) (code / 100);
    value[3] = (byte) (code % 100);
    System.arraycopy(text, 0, value, 4, text.length);
    return attribute(StunAttribute.ERROR_CODE, value);
  }

  /** The attribute types that a request had and we do not know. */
  public StunWriter unknownAttributes(List<Integer> types) {
    ByteBuffer value = ByteBuffer.allocate(2 * types.size());
    types.forEach(type -> value.putShort((short) (int) type));
    return attribute(StunAttribute.UNKNOWN_ATTRIBUTES, value.array());
  }

  /** Where a request came from. */
  public StunWriter mappedAddress(InetSocketAddress address) {
    byte[] host = address.getAddress().getAddress();
    byte[] value = new byte[4 + host.length];
    value[1] = (byte) (host.length == 4 ? 1 : 2);
    int port = address.getPort() ^ (StunMessage.MAGIC_COOKIE >>> 16);
    value[2] = (byte) (port >>> 8);
    value[3] = (byte) port;
    for (int i = 0; i < host.length; i++) {
      value[4 + i] = (byte) (host[i] ^ out.get(4 + i));
    }
    return attribute(StunAttribute.XOR_MAPPED_ADDRESS, value);
  }

  private StunWriter attribute(int type, byte[] value) {
    out.putShort((short) type).putShort((short) value.length).put(value);
    while (out.position() % 4 != 0) {
      out.put((byte) 0);
    }
    return this;
  }

  /** The message with MESSAGE-INTEGRITY of the key and FINGERPRINT. */
  public byte[] toBytes(StunKey key) {
    int integrityAt = out.position();
    byte[] mac = key.mac(out.array(), integrityAt);
    attribute(StunAttribute.MESSAGE_INTEGRITY, mac);
    int fingerprintAt = out.position();
    out.putShort(2, (short) (fingerprintAt + 8 - StunMessage.HEADER_BYTES));
    CRC32 crc = new CRC32();
    crc.update(out.array(), 0, fingerprintAt);
    out.putShort((short) StunAttribute.FINGERPRINT).putShort((short) 4);
    out.putInt((int) crc.getValue() ^ StunMessage.FINGERPRINT_XOR);
    byte[] bytes = new byte[out.position()];
    out.get(0, bytes);
    return bytes;
  }
}
