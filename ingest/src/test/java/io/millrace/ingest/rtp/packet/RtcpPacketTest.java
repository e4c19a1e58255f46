package io.millrace.ingest.rtp.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.ingest.rtp.packet.RtcpPacket.Bye;
import io.millrace.ingest.rtp.packet.RtcpPacket.CanonicalName;
import io.millrace.ingest.rtp.packet.RtcpPacket.Fir;
import io.millrace.ingest.rtp.packet.RtcpPacket.Nack;
import io.millrace.ingest.rtp.packet.RtcpPacket.Pli;
import io.millrace.ingest.rtp.packet.RtcpPacket.ReceiverReport;
import io.millrace.ingest.rtp.packet.RtcpPacket.Remb;
import io.millrace.ingest.rtp.packet.RtcpPacket.Sdes;
import io.millrace.ingest.rtp.packet.RtcpPacket.SenderReport;
import io.millrace.ingest.rtp.packet.RtcpPacket.TransportFeedback;
import io.millrace.ingest.rtp.packet.RtcpPacket.TransportFeedback.Arrival;
import io.millrace.ingest.rtp.packet.RtcpPacket.Unknown;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RTCP as bytes and as records. */
class RtcpPacketTest {
  private static final ReceptionReport BLOCK =
      new ReceptionReport(-2, 255, -3, -2, 90, 0xabcd_ef01, 65_536);

  /** One of each kind, with values at their limits; seeds of {@code PacketFuzzTest} as well. */
  static Stream<RtcpPacket> each() {
    return Stream.of(
        new SenderReport(1, 0xe9_1234_5678_9abcdeL, 0xffff_ffffL, 5, 6, List.of(BLOCK, BLOCK)),
        new SenderReport(1, -1, 0, 0, 0, List.of()),
        new ReceiverReport(7, Collections.nCopies(31, BLOCK)),
        new Sdes(List.of(new CanonicalName(1, "a"), new CanonicalName(2, "camera-küche"))),
        new Sdes(List.of(new CanonicalName(3, "x".repeat(255)))),
        new Bye(List.of(1, 2, 3), ""),
        new Bye(List.of(), "shutting down"),
        new Nack(1, 2, List.of(5, 6, 21, 22, 65_535, 0, 15)),
        new Pli(1, -1),
        new Fir(1, List.of(new Fir.Request(2, 255), new Fir.Request(3, 0))),
        new Remb(1, 2_500_000 >> 4 << 4, List.of(4, 5)),
        new Remb(1, 0x3ffffL << 45, List.of()),
        new TransportFeedback(1, 2, 65_530, 0, -1, 255, List.of()),
        new TransportFeedback(
            1,
            2,
            65_530,
            20_000,
            0x7fffff,
            0,
            List.of(
                new Arrival(0, 0),
                new Arrival(1, 255),
                new Arrival(2, 256),
                new Arrival(9000, -32_768),
                new Arrival(19_999, 1))),
        new Unknown(207, 31, ByteBuffer.wrap(new byte[] {1, 2, 3, 4})));
  }

  @ParameterizedTest
  @MethodSource("each")
  void whatIsWrittenIsRead(RtcpPacket packet) throws Exception {
    ByteBuffer bytes = RtcpPacket.write(List.of(packet));
    assertThat(bytes.remaining() % 4).isZero();
    assertThat(RtcpPacket.parse(bytes)).containsExactly(packet);
  }

  @Test
  void compoundsKeepTheirOrder() throws Exception {
    List<RtcpPacket> all = each().toList();
    assertThat(RtcpPacket.parse(RtcpPacket.write(all))).isEqualTo(all);
  }

  /** Bytes counted out by hand from the figures of the specifications. */
  @Test
  void bytesStandWhereTheSpecificationsSay() throws Exception {
    ByteBuffer report =
        RtcpPacket.write(
            List.of(new SenderReport(0x01020304, 0x0a0b0c0d_80000000L, 90, 2, 300, List.of())));
    assertThat(hex(report))
        .isEqualTo("80c8000601020304" + "0a0b0c0d80000000" + "0000005a0000000200" + "00012c");
    ByteBuffer nack = RtcpPacket.write(List.of(new Nack(1, 2, List.of(10, 11, 26))));
    assertThat(hex(nack)).isEqualTo("81cd00030000000100000002000a8001");
    ByteBuffer name = RtcpPacket.write(List.of(new Sdes(List.of(new CanonicalName(1, "ab")))));
    assertThat(hex(name)).isEqualTo("81ca00030000000101026162" + "00000000");
    // Two-bit vector: missing, small, large, then four missing; deltas 4 and -1.
    ByteBuffer vector =
        bytes(
            "8fcd0006"
                + "00000001"
                + "00000002"
                + "00050003"
                + "00000100"
                + "c600"
                + "04"
                + "ffff"
                + "000000");
    assertThat(RtcpPacket.parse(vector))
        .containsExactly(
            new TransportFeedback(
                1, 2, 5, 3, 1, 0, List.of(new Arrival(1, 4), new Arrival(2, -1))));
    // One-bit vector: the first and the last of 14 came.
    ByteBuffer bits =
        bytes("8fcd0005" + "00000001" + "00000002" + "0005000e" + "00000100" + "a001" + "0102");
    assertThat(RtcpPacket.parse(bits))
        .containsExactly(
            new TransportFeedback(
                1, 2, 5, 14, 1, 0, List.of(new Arrival(0, 1), new Arrival(13, 2))));
  }

  @Test
  void paddingIsTakenOff() throws Exception {
    assertThat(RtcpPacket.parse(bytes("a1ce0003" + "00000001" + "00000002" + "00000004")))
        .containsExactly(new Pli(1, 2));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "80",
        "40c90001" + "00000001",
        "80c90002" + "00000001",
        "81c90001" + "00000001",
        "80c80001" + "00000001",
        "81ca0001" + "00000001",
        "81ca0002" + "00000001" + "01ff6162",
        "82cb0001" + "00000001",
        "81cb0002" + "00000001" + "09616263",
        "81cd0001" + "00000001",
        "81ce0001" + "00000001",
        "8fce0004" + "00000001" + "00000000" + "52454d42" + "01000000",
        "8fcd0004" + "00000001" + "00000002" + "00050003" + "00000100",
        "8fcd0005" + "00000001" + "00000002" + "0005ffff" + "00000100" + "3fff0000",
        "8fcd0005" + "00000001" + "00000002" + "00050003" + "00000100" + "60030000",
        "8fcd0005" + "00000001" + "00000002" + "00050003" + "00000100" + "00000000",
        "a0c90001" + "00000000",
        "a0c90001" + "00000005",
      })
  void whatDoesNotFitIsRefused(String hex) {
    assertThatThrownBy(() -> RtcpPacket.parse(bytes(hex))).isInstanceOf(MalformedPacket.class);
  }

  @Test
  void listsThatCannotBeCountedAreRefused() {
    assertThatThrownBy(
            () -> RtcpPacket.write(List.of(new ReceiverReport(1, Collections.nCopies(32, BLOCK)))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> RtcpPacket.write(List.of(new Nack(1, 2, Collections.nCopies(20_000, 1)))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static ByteBuffer bytes(String hex) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
  }

  private static String hex(ByteBuffer bytes) {
    return HexFormat.of().formatHex(bytes.array(), bytes.position(), bytes.limit());
  }
}
