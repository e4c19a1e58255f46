package io.millrace.ingest.rtp.packet;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever comes from the network is a packet within its bytes, or is refused. */
class PacketFuzzTest {
  static Stream<byte[]> rtp() {
    byte[] plain = {(byte) 0x80, 96, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 9, 9};
    byte[] full = {
      (byte) 0xb1,
      (byte) 0xe0,
      0,
      1,
      0,
      0,
      0,
      2,
      0,
      0,
      0,
      3,
      7,
      7,
      7,
      7,
      (byte) 0xbe,
      (byte) 0xde,
      0,
      1,
      1,
      2,
      3,
      4,
      9,
      9,
      0,
      2
    };
    return Stream.of(plain, full);
  }

  @MethodSource("rtp")
  @FuzzTest(maxDuration = "60s")
  void rtpStaysWithinItsBytes(byte[] bytes) {
    try {
      RtpPacket packet = RtpPacket.parse(ByteBuffer.wrap(bytes));
      assertThat(12 + packet.extension().remaining() + packet.payload().remaining())
          .isLessThanOrEqualTo(bytes.length);
    } catch (MalformedPacket refused) {
      assertThat(refused).hasMessageContaining("RTP");
    }
  }

  static Stream<byte[]> rtcp() {
    return Stream.concat(
        RtcpPacketTest.each().map(packet -> array(RtcpPacket.write(List.of(packet)))),
        Stream.of(array(RtcpPacket.write(RtcpPacketTest.each().toList()))));
  }

  private static byte[] array(ByteBuffer bytes) {
    byte[] array = new byte[bytes.remaining()];
    bytes.get(bytes.position(), array);
    return array;
  }

  /** What is read can be written and reads the same again. */
  @MethodSource("rtcp")
  @FuzzTest(maxDuration = "60s")
  void rtcpIsReadOrRefused(byte[] bytes) {
    List<RtcpPacket> packets;
    try {
      packets = RtcpPacket.parse(ByteBuffer.wrap(bytes));
    } catch (MalformedPacket refused) {
      assertThat(refused.getMessage()).isNotBlank();
      return;
    }
    try {
      assertThat(RtcpPacket.parse(RtcpPacket.write(packets))).hasSameSizeAs(packets);
    } catch (MalformedPacket e) {
      throw new AssertionError("what was written cannot be read", e);
    } catch (IllegalArgumentException tooLarge) {
      assertThat(bytes.length).isGreaterThan(1000);
    }
  }
}
