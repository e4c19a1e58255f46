package io.millrace.ingest.webrtc.stun;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.zip.CRC32;

/**
 * A STUN message of the Binding method, parsed in place. Attributes after MESSAGE-INTEGRITY are not
 * protected by it and are not seen, but for FINGERPRINT. An immutable view of the bytes.
 */
public final class StunMessage {
  static final int HEADER_BYTES = 20;
  static final int MAGIC_COOKIE = 0x2112a442;
  static final int FINGERPRINT_XOR = 0x5354554e;

  /** Most attributes of one message; ICE needs seven. */
  public static final int MAX_ATTRIBUTES = 32;

  /** Longest user name (RFC 8489 section 14.3). */
  private static final int MAX_USERNAME = 508;

  private record Attribute(int type, int at, int length) {}

  private final byte[] bytes;
  private final StunType type;
  private final List<Attribute> attributes;
  private final List<Integer> unknown;
  private final int integrityAt;
  private final int fingerprintAt;

  private StunMessage(
      byte[] bytes, StunType type, List<Attribute> attributes, int integrityAt, int fingerprintAt) {
    this.bytes = bytes;
    this.type = type;
    this.attributes = attributes;
    this.integrityAt = integrityAt;
    this.fingerprintAt = fingerprintAt;
    unknown =
        attributes.stream()
            .map(Attribute::type)
            .filter(each -> !StunAttribute.isKnownOrOptional(each))
            .toList();
  }

  /**
   * Whether a datagram begins as STUN does, among all that share the port (RFC 7983).
   *
   * @param packet from 0 to its limit; borrowed
   */
  public static boolean begins(ByteBuffer packet) {
    return packet.limit() > 0 && (packet.get(0) & 0xff) < 4;
  }

  /** Whether length and cookie in the head of a datagram that begins as STUN are right. */
  public static boolean hasHead(ByteBuffer packet) {
    return packet.limit() >= HEADER_BYTES
        && (packet.getShort(2) & 0xffff) == packet.limit() - HEADER_BYTES
        && packet.getInt(4) == MAGIC_COOKIE;
  }

  /** Whether a datagram can only be STUN, among all that share the port (RFC 7983). */
  public static boolean isStun(byte[] packet) {
    return packet.length >= HEADER_BYTES && (packet[0] & 0xff) < 4;
  }

  /**
   * Reads a message.
   *
   * @param bytes the whole datagram; kept, not copied
   * @throws MalformedStun if it is no message of the Binding method, or its parts do not fit
   */
  public static StunMessage parse(byte[] bytes) throws MalformedStun {
    if (bytes.length < HEADER_BYTES) {
      throw new MalformedStun("a STUN message of " + bytes.length + " bytes");
    }
    StunType type = StunType.of(uint16(bytes, 0));
    int length = uint16(bytes, 2);
    if (length != bytes.length - HEADER_BYTES || length % 4 != 0) {
      throw new MalformedStun("STUN length %d in %d bytes".formatted(length, bytes.length));
    }
    if (int32(bytes, 4) != MAGIC_COOKIE) {
      throw new MalformedStun("no STUN magic cookie");
    }
    List<Attribute> attributes = new ArrayList<>();
    int integrityAt = -1;
    int fingerprintAt = -1;
    int seen = 0;
    for (int at = HEADER_BYTES; at < bytes.length; ) {
      if (++seen > MAX_ATTRIBUTES) {
        throw new MalformedStun("more than " + MAX_ATTRIBUTES + " STUN attributes");
      }
      int attributeType = uint16(bytes, at);
      int attributeLength = uint16(bytes, at + 2);
      int next = at + 4 + ((attributeLength + 3) & ~3);
      if (next > bytes.length || fingerprintAt >= 0) {
        throw new MalformedStun("a STUN attribute beyond the end at byte " + at);
      }
      if (attributeType == StunAttribute.FINGERPRINT) {
        requireLength(attributeLength, 4, at);
        fingerprintAt = at;
      } else if (integrityAt < 0 && attributeType == StunAttribute.MESSAGE_INTEGRITY) {
        requireLength(attributeLength, StunKey.MAC_BYTES, at);
        integrityAt = at;
      } else if (integrityAt < 0) {
        attributes.add(new Attribute(attributeType, at + 4, attributeLength));
      }
      at = next;
    }
    return new StunMessage(bytes, type, attributes, integrityAt, fingerprintAt);
  }

  private static void requireLength(int length, int expected, int at) throws MalformedStun {
    if (length != expected) {
      throw new MalformedStun("a STUN attribute of %d bytes at %d".formatted(length, at));
    }
  }

  public StunType type() {
    return type;
  }

  /** Twelve bytes; a copy. */
  public byte[] transactionId() {
    byte[] id = new byte[12];
    System.arraycopy(bytes, 8, id, 0, id.length);
    return id;
  }

  /** Whether FINGERPRINT is there and right. */
  public boolean fingerprintMatches() {
    if (fingerprintAt < 0) {
      return false;
    }
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, fingerprintAt);
    return ((int) crc.getValue() ^ FINGERPRINT_XOR) == int32(bytes, fingerprintAt + 4);
  }

  /** Whether MESSAGE-INTEGRITY is there and made with the key. */
  public boolean integrityMatches(StunKey key) {
    if (integrityAt < 0) {
      return false;
    }
    byte[] sent = new byte[StunKey.MAC_BYTES];
    System.arraycopy(bytes, integrityAt + 4, sent, 0, sent.length);
    return MessageDigest.isEqual(sent, key.mac(bytes, integrityAt));
  }

  /** Types of attributes that must be understood and are not, in the order sent. */
  public List<Integer> unknownAttributes() {
    return unknown;
  }

  public boolean has(int attribute) {
    return attributes.stream().anyMatch(each -> each.type == attribute);
  }

  private Optional<Attribute> find(int attribute, int minLength) {
    return attributes.stream()
        .filter(each -> each.type == attribute && each.length >= minLength)
        .findFirst();
  }

  /** USERNAME: {@code receiver's fragment:sender's fragment} in ICE. */
  public Optional<String> username() {
    return find(StunAttribute.USERNAME, 0)
        .filter(found -> found.length <= MAX_USERNAME)
        .map(found -> new String(bytes, found.at, found.length, StandardCharsets.UTF_8));
  }

  /** PRIORITY, 32 bits without sign. */
  public OptionalLong priority() {
    return find(StunAttribute.PRIORITY, 4).stream()
        .mapToLong(found -> int32(bytes, found.at) & 0xffffffffL)
        .findFirst();
  }

  /** Tie-breaker of {@link StunAttribute#ICE_CONTROLLED} or ICE_CONTROLLING. */
  public OptionalLong tieBreaker(int attribute) {
    return find(attribute, 8).stream()
        .mapToLong(
            found ->
                ((long) int32(bytes, found.at) << 32) | (int32(bytes, found.at + 4) & 0xffffffffL))
        .findFirst();
  }

  /** ERROR-CODE, 300 to 699. */
  public OptionalInt errorCode() {
    return find(StunAttribute.ERROR_CODE, 4).stream()
        .mapToInt(found -> (bytes[found.at + 2] & 7) * 100 + (bytes[found.at + 3] & 0xff) % 100)
        .findFirst();
  }

  /** XOR-MAPPED-ADDRESS: where the other side saw us. */
  public Optional<InetSocketAddress> mappedAddress() {
    return find(StunAttribute.XOR_MAPPED_ADDRESS, 8)
        .flatMap(
            found -> {
              int size = bytes[found.at + 1] == 2 ? 16 : 4;
              if (found.length < 4 + size) {
                return Optional.empty();
              }
              byte[] address = new byte[size];
              for (int i = 0; i < size; i++) {
                // The cookie and the transaction id stand side by side in the header.
                address[i] = (byte) (bytes[found.at + 4 + i] ^ bytes[4 + i]);
              }
              int port = uint16(bytes, found.at + 2) ^ (MAGIC_COOKIE >>> 16);
              try {
                return Optional.of(new InetSocketAddress(InetAddress.getByAddress(address), port));
              } catch (UnknownHostException e) {
                return Optional.empty();
              }
            });
  }

  private static int uint16(byte[] bytes, int at) {
    return ((bytes[at] & 0xff) << 8) | (bytes[at + 1] & 0xff);
  }

  private static int int32(byte[] bytes, int at) {
    return (uint16(bytes, at) << 16) | uint16(bytes, at + 2);
  }
}
