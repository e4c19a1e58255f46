package io.millrace.ingest.webrtc.stun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The sample messages of RFC 5769, and our own read back. */
class StunMessageTest {
  private static final String HEADER = "2112a442b7e7a701bc34d686fa87dfae";
  private static final byte[] REQUEST =
      hex(
          "00010058"
              + HEADER
              + "80220010"
              + "5354554e207465737420636c69656e74"
              + "002400046e0001ff"
              + "80290008932ff9b151263b36"
              + "000600096576746a3a68367659202020"
              + "000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2"
              + "80280004e57a3bcf");
  private static final byte[] RESPONSE =
      hex(
          "0101003c"
              + HEADER
              + "8022000b7465737420766563746f7220"
              + "002000080001a147e112a643"
              + "000800142b91f599fd9e90c38c7489f92af9ba53f06be7d7"
              + "80280004c07d4c96");
  private static final byte[] RESPONSE_6 =
      hex(
          "01010048"
              + HEADER
              + "8022000b7465737420766563746f7220"
              + "002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9"
              + "00080014a382954e4be67bf11784c97c8292c275bfe3ed41"
              + "80280004c8fb0b4c");
  private static final StunKey KEY = new StunKey("VOkJxbRl1RmTxUk/WvJxBt");

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }

  @Test
  void readsTheSampleRequest() throws MalformedStun {
    StunMessage message = StunMessage.parse(REQUEST);
    assertThat(message.type()).isEqualTo(StunType.BINDING_REQUEST);
    assertThat(message.fingerprintMatches()).isTrue();
    assertThat(message.integrityMatches(KEY)).isTrue();
    assertThat(message.integrityMatches(new StunKey("another"))).isFalse();
    assertThat(message.username()).contains("evtj:h6vY");
    assertThat(message.priority()).hasValue(0x6e0001ffL);
    assertThat(message.tieBreaker(StunAttribute.ICE_CONTROLLED)).hasValue(0x932ff9b151263b36L);
    assertThat(message.has(StunAttribute.USE_CANDIDATE)).isFalse();
    assertThat(message.unknownAttributes()).isEmpty();
  }

  @Test
  void readsTheSampleResponses() throws MalformedStun {
    StunMessage four = StunMessage.parse(RESPONSE);
    assertThat(four.integrityMatches(KEY) && four.fingerprintMatches()).isTrue();
    assertThat(four.mappedAddress()).contains(new InetSocketAddress("192.0.2.1", 32853));
    StunMessage six = StunMessage.parse(RESPONSE_6);
    assertThat(six.integrityMatches(KEY) && six.fingerprintMatches()).isTrue();
    assertThat(six.mappedAddress())
        .contains(new InetSocketAddress("2001:db8:1234:5678:11:2233:4455:6677", 32853));
  }

  @Test
  void everyFlippedBitIsSeen() {
    for (int bit = 0; bit < 8 * REQUEST.length; bit++) {
      byte[] broken = REQUEST.clone();
      broken[bit / 8] ^= (byte) (1 << bit % 8);
      boolean accepted;
      try {
        StunMessage message = StunMessage.parse(broken);
        accepted = message.fingerprintMatches() && message.integrityMatches(KEY);
      } catch (MalformedStun e) {
        accepted = false;
      }
      assertThat(accepted).as("bit " + bit).isFalse();
    }
  }

  @Test
  void cutMessagesAreMalformed() {
    for (int length = 0; length < REQUEST.length; length++) {
      byte[] cut = Arrays.copyOf(REQUEST, length);
      assertThatThrownBy(() -> StunMessage.parse(cut)).isInstanceOf(MalformedStun.class);
    }
  }

  @Test
  void attributesBehindTheIntegrityAreNotSeen() throws MalformedStun {
    byte[] signed = new StunWriter(StunType.BINDING_REQUEST, new byte[12]).toBytes(KEY);
    // USE-CANDIDATE between integrity and fingerprint is nobody's word.
    byte[] added = Arrays.copyOf(signed, signed.length + 4);
    System.arraycopy(signed, signed.length - 8, added, signed.length - 4, 8);
    System.arraycopy(hex("00250000"), 0, added, signed.length - 8, 4);
    added[3] += 4;
    StunMessage message = StunMessage.parse(added);
    assertThat(message.has(StunAttribute.USE_CANDIDATE)).isFalse();
    assertThat(message.integrityMatches(KEY)).isTrue();
    assertThat(message.fingerprintMatches()).isFalse();
  }

  @Test
  void whatIsWrittenIsRead() throws MalformedStun {
    byte[] id = hex("0102030405060708090a0b0c");
    byte[] bytes =
        new StunWriter(StunType.BINDING_ERROR, id)
            .username("one:another")
            .priority(0xffffffffL)
            .tieBreaker(StunAttribute.ICE_CONTROLLING, -2)
            .useCandidate()
            .errorCode(487, "Role Conflict")
            .unknownAttributes(List.of(0x7777))
            .mappedAddress(new InetSocketAddress("10.1.2.3", 65535))
            .toBytes(KEY);
    StunMessage message = StunMessage.parse(bytes);
    assertThat(message.integrityMatches(KEY) && message.fingerprintMatches()).isTrue();
    assertThat(message.transactionId()).isEqualTo(id);
    assertThat(message.username()).contains("one:another");
    assertThat(message.priority()).hasValue(0xffffffffL);
    assertThat(message.tieBreaker(StunAttribute.ICE_CONTROLLING)).hasValue(-2);
    assertThat(message.has(StunAttribute.USE_CANDIDATE)).isTrue();
    assertThat(message.errorCode()).hasValue(487);
    assertThat(message.mappedAddress()).contains(new InetSocketAddress("10.1.2.3", 65535));
  }

  @Test
  void attributesAreCountedToTheLimit() throws MalformedStun {
    byte[] most = withAttributes(StunMessage.MAX_ATTRIBUTES);
    assertThat(StunMessage.parse(most).type()).isEqualTo(StunType.BINDING_REQUEST);
    byte[] more = withAttributes(StunMessage.MAX_ATTRIBUTES + 1);
    assertThatThrownBy(() -> StunMessage.parse(more)).hasMessageContaining("more than 32");
  }

  private static byte[] withAttributes(int count) {
    byte[] bytes = Arrays.copyOf(REQUEST, 20 + 4 * count);
    Arrays.fill(bytes, 20, bytes.length, (byte) 0);
    bytes[3] = (byte) (4 * count);
    for (int i = 0; i < count; i++) {
      bytes[20 + 4 * i] = (byte) 0x80;
    }
    return bytes;
  }

  @Test
  void unknownAttributesThatMustBeUnderstoodAreNamed() throws MalformedStun {
    byte[] bytes = withAttributes(2);
    bytes[24] = 0x12;
    assertThat(StunMessage.parse(bytes).unknownAttributes()).containsExactly(0x1200);
  }
}
