package io.millrace.ingest.rtp.payload;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.millrace.ingest.rtp.packet.RtpPacket;
import io.millrace.media.av1.Obu;
import io.millrace.media.bits.NalUnits;
import io.millrace.media.track.MalformedMedia;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Payloads of every kind, in any order: frames within the limits and whole as their codec wants
 * them, and no exception. An input is a row of packets: flags (1 marker, 2 next timestamp, 4 after
 * a loss, 8 the source pauses behind it), length, bytes.
 */
class PayloadFuzzTest {
  private static final DepacketizerSettings LIMITS = new DepacketizerSettings(2000, 8);
  private static final Map<String, String> AAC =
      Map.of("mode", "AAC-hbr", "sizelength", "13", "indexlength", "3", "indexdeltalength", "3");
  private static final List<RtpFormat> FORMATS =
      List.of(
          new RtpFormat(96, "H264", 90_000, 0, Map.of()),
          new RtpFormat(96, "H265", 90_000, 0, Map.of()),
          new RtpFormat(96, "H265", 90_000, 0, Map.of("sprop-max-don-diff", "1")),
          new RtpFormat(96, "VP8", 90_000, 0, Map.of()),
          new RtpFormat(96, "VP9", 90_000, 0, Map.of()),
          new RtpFormat(96, "AV1", 90_000, 0, Map.of()),
          new RtpFormat(97, "MPEG4-GENERIC", 48_000, 2, AAC),
          new RtpFormat(98, "OPUS", 48_000, 2, Map.of()),
          new RtpFormat(0, "PCMU", 8_000, 1, Map.of()));

  static Stream<byte[]> packets() {
    return Stream.of(
        row(3, 0x65, 0x88, 1, 2, 3),
        row(2, 0x78, 0, 2, 0x67, 1, 0, 2, 0x68, 1, 0, 2, 0x65, 0x88),
        join(row(2, 0x7c, 0x85, 0x88, 1), row(0, 0x7c, 5, 1, 2), row(1, 0x7c, 0x45, 3)),
        join(row(3, 0x41, 0x9a, 1), row(7, 0x41, 0x9a, 2), row(8, 0x41, 0x9a, 3)),
        row(3, 0x26, 1, 0x80, 1, 2),
        row(2, 0x60, 1, 0, 3, 0x40, 1, 9, 0, 3, 0x26, 1, 0x80),
        join(row(2, 0x62, 1, 0x93, 0x80, 1), row(0, 0x62, 1, 0x13, 2), row(1, 0x62, 1, 0x53, 3)),
        join(row(2, 0x90, 0xe0, 0x80, 1, 0, 3, 0x10, 2), row(1, 0x80, 0x80, 0x81, 4, 4)),
        join(
            row(2, 0xaa, 0x81, 2, 0, 3, 0x38, 0, 9, 0, 9, 1, 0, 1, 0x82, 4),
            row(1, 0xa4, 1, 2, 0, 5)),
        join(row(2, 0xbc, 1, 0, 5, 0x82, 7), row(1, 0xfc, 1, 3, 3, 2, 0x82, 9)),
        join(row(2, 0x48, 3, 0x08, 1, 2, 2, 0x30, 0x10), row(1, 0x90, 5, 6)),
        join(row(2, 0x28, 2, 0x12, 0, 0x0a, 1, 7), row(1, 0, 2, 0x30, 0x10, 1, 0x78)),
        row(2, 0, 32, 0, 16, 0, 24, 1, 2, 3, 4, 5),
        join(row(2, 0, 16, 0, 32, 1, 2), row(1, 0, 16, 0, 32, 3, 4)));
  }

  private static byte[] row(int flags, int... bytes) {
    byte[] row = new byte[2 + bytes.length];
    row[0] = (byte) flags;
    row[1] = (byte) bytes.length;
    for (int i = 0; i < bytes.length; i++) {
      row[2 + i] = (byte) bytes[i];
    }
    return row;
  }

  private static byte[] join(byte[]... rows) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] row : rows) {
      out.writeBytes(row);
    }
    return out.toByteArray();
  }

  @MethodSource("packets")
  @FuzzTest(maxDuration = "60s")
  void framesAreWholeAndBounded(byte[] input) {
    for (RtpFormat format : FORMATS) {
      Checked sink = new Checked(format.encoding());
      Depacketizer depacketizer = PayloadFormats.depacketizer(format, LIMITS);
      long timestamp = 0;
      int at = 0;
      while (at + 2 <= input.length) {
        int flags = input[at];
        int length = Math.min(input[at + 1] & 0xff, input.length - at - 2);
        timestamp += (flags & 2) == 0 ? 0 : 3000;
        ByteBuffer payload = ByteBuffer.wrap(input, at + 2, length).slice().asReadOnlyBuffer();
        RtpPacket packet =
            new RtpPacket(
                (flags & 1) != 0, format.payloadType(), 0, timestamp, 1, -1, payload, payload);
        depacketizer.packet(packet, timestamp, (flags & 4) != 0, sink);
        if ((flags & 8) != 0) {
          depacketizer.flush(sink);
        }
        at += 2 + length;
      }
      depacketizer.flush(sink);
    }
  }

  private static final class Checked implements Depacketizer.Sink {
    private final String encoding;

    Checked(String encoding) {
      this.encoding = encoding;
    }

    @Override
    public void unit(AccessUnit unit) {
      assertThat(unit.data().remaining()).isBetween(1, LIMITS.maxFrameBytes());
      try {
        if (encoding.startsWith("H26")) {
          assertThat(NalUnits.splitLengthPrefixed(unit.data(), NalUnits.LENGTH_BYTES))
              .hasSizeBetween(1, LIMITS.maxUnits());
        } else if (encoding.equals("AV1")) {
          assertThat(Obu.split(unit.data())).hasSizeBetween(1, LIMITS.maxUnits());
        }
      } catch (MalformedMedia e) {
        throw new AssertionError("a frame is no row of its units", e);
      }
    }

    @Override
    public void dropped(long timestamp, String reason) {
      assertThat(reason).isNotBlank();
    }
  }
}
