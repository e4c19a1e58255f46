package io.millrace.ingest.rtp.payload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Payloads of VP8, VP9 and AV1 written by hand: what browsers do, and what networks do to it. */
class WebPayloadTest {
  private static final RtpFormat VP8 = new RtpFormat(96, "VP8", 90_000, 0, Map.of());
  private static final RtpFormat VP9 = new RtpFormat(96, "VP9", 90_000, 0, Map.of());
  private static final RtpFormat AV1 = new RtpFormat(96, "AV1", 90_000, 0, Map.of());

  /** A shown keyframe of profile 0, and a frame predicted from others. */
  private static final String VP9_KEY = "82498342";

  private static final String VP9_OTHER = "8600";

  /** Descriptors with every field: picture numbers of one and two bytes, layers, key index. */
  @ParameterizedTest
  @CsvSource({
    "10",
    "90 80 05",
    "90 80 81 05",
    "90 f0 81 05 01 20",
    "90 40 07",
    "90 20 40",
    "b0 00"
  })
  void vp8DescriptorsAreReadOver(String descriptor) {
    Packets packets = new Packets(VP8).next(1, descriptor + "0011").next(1, "00 22");
    packets.next(1, "01 33").last(1, "80 80 7f 44").last(2, "10 01");
    assertThat(packets.given()).containsExactly("1* 0011223344", "2 01");
    assertThat(packets.dropped).isEmpty();
  }

  @Test
  void vp8FramesAreWholeOrDropped() {
    Packets middle = new Packets(VP8).next(1, "10 00").lost().last(1, "00 02").last(2, "10 01");
    assertThat(middle.given()).containsExactly("2 01");
    assertThat(middle.dropped).containsExactly("1: packets of it never came");
    Packets end = new Packets(VP8).next(1, "10 00").lost().last(2, "10 01").last(3, "10 03");
    assertThat(end.given()).containsExactly("2 01", "3 03");
    Packets beginning = new Packets(VP8).last(1, "10 00").lost().last(2, "00 01").last(3, "10 03");
    assertThat(beginning.given()).containsExactly("1* 00", "3 03");
    assertThat(beginning.dropped).containsExactly("2: its beginning never came");
    Packets joined = new Packets(VP8).last(1, "00 01").last(2, "11 01").last(3, "10 03");
    assertThat(joined.given()).containsExactly("3 03");
    Packets twice = new Packets(VP8).next(1, "10 00").last(1, "10 01");
    assertThat(twice.dropped).containsExactly("1: another frame with its time began within it");
    assertThat(new Packets(VP8).last(1, "90 80 85").dropped).hasSize(1);
  }

  @Test
  void framesWithoutMarkersEndAtTheNextTimestamp() {
    Packets packets = new Packets(VP8).next(1, "10 00").next(2, "10 01").next(3, "10 03").flush();
    assertThat(packets.given()).containsExactly("1* 00", "2 01", "3 03");
    assertThat(new Packets(VP8).next(1, "10 00").flush().dropped)
        .containsExactly("1: the source ended within it");
    assertThat(new Packets(VP8).last(1, "10 00").last(1, "").lost().last(2, "").flush().given())
        .containsExactly("1* 00");
  }

  /** Without fields; with picture number and layer; flexible with references; with structure. */
  @ParameterizedTest
  @CsvSource({
    "08",
    "88 05",
    "88 81 05",
    "a8 81 05 00 07",
    "b8 81 05 00",
    "0a 00",
    "0a 18 0140 00b4 01 00",
    "0a 38 0140 00b4 0280 0168 02 04 01 09 0102",
  })
  void vp9DescriptorsAreReadOver(String descriptor) {
    Packets packets = new Packets(VP9).next(1, descriptor + VP9_KEY).last(1, "04 22");
    packets.last(2, "dc 06 03 02" + VP9_OTHER).last(3, "4c" + VP9_OTHER);
    assertThat(packets.given()).containsExactly("1* 8249834222", "2 8600", "3 8600");
    assertThat(packets.dropped).isEmpty();
  }

  @Test
  void layersOfAPictureBecomeASuperframe() {
    Packets packets = new Packets(VP9);
    packets.next(1, "ac 01 00 07" + VP9_KEY).next(1, "a8 01 03 07 8600").last(1, "a4 01 03 07 aa");
    assertThat(packets.given())
        .containsExactly("1* " + VP9_KEY + "8600aa" + "d9" + "04000000" + "03000000" + "d9");
    // The lower layer is lost: what is left cannot be decoded.
    packets.lost().last(2, "ec 02 03 07 8600").last(3, "ec 03 00 07 8600");
    assertThat(packets.dropped).containsExactly("2: its beginning never came");
    assertThat(packets.given()).hasSize(2);
  }

  @Test
  void vp9FramesAreWholeOrDropped() {
    String key = "08" + VP9_KEY;
    assertThat(new Packets(VP9).next(1, key).last(2, "0c" + VP9_KEY).dropped)
        .containsExactly("1: the end of a layer never came");
    assertThat(new Packets(VP9).last(1, key).dropped)
        .containsExactly("1: the end of a layer never came");
    assertThat(new Packets(VP9).next(1, key).last(1, "0c 8600").dropped)
        .containsExactly("1: the end of a layer never came");
    assertThat(new Packets(VP9).next(1, "0c 8600").last(1, "04 01").dropped)
        .containsExactly("1: the beginning of a layer is lost");
    assertThat(new Packets(VP9).last(1, "04 01").dropped)
        .containsExactly("1: its beginning never came");
    for (String cut :
        new String[] {"0c", "8c", "8c 81", "ac 01 00", "5c 01", "0e", "0e 08", "0e 08 02 04 01"}) {
      Packets packets = new Packets(VP9).last(1, cut).last(2, "0c" + VP9_KEY);
      assertThat(packets.dropped).as(cut).hasSize(1);
      assertThat(packets.given()).as(cut).hasSize(1);
    }
    Packets many = new Packets(VP9);
    for (int i = 0; i < 8; i++) {
      many.next(1, "0c 8600");
    }
    assertThat(many.last(1, "0c 8600").dropped).containsExactly("1: it has more than 8 layers");
  }

  /** Elements with lengths, the last without one, sizes within OBUs, delimiter and padding. */
  @ParameterizedTest
  @CsvSource({
    "08 03 08aabb 03 301001",
    "28 03 08aabb 301001",
    "28 04 0a02aabb 32021001",
    "38 01 10 03 08aabb 301001",
    "08 02 1200 03 08aabb 03 301001 02 7800",
    "18 08aabb| 10 301001",
    "58 08| d0 aa| 90 bb| 10 301001",
    "68 03 08aabb 30| 90 1001",
    "08 8300 08aabb 00 03 301001",
  })
  void av1ElementsBecomeOneTemporalUnit(String payloads) {
    String[] each = payloads.split("\\|");
    Packets packets = new Packets(AV1);
    for (int i = 0; i < each.length; i++) {
      if (i == each.length - 1) {
        packets.last(1, each[i]);
      } else {
        packets.next(1, each[i]);
      }
    }
    assertThat(packets.dropped).isEmpty();
    assertThat(packets.given()).containsExactly("1* 0a02aabb" + "32021001");
  }

  @Test
  void av1FramesAreWholeOrDropped() {
    String key = "28 03 08aabb 301001";
    Packets begun = new Packets(AV1).last(1, "10 3020").last(2, key).last(3, "10 3020");
    assertThat(begun.given()).containsExactly("2* 0a02aabb32021001", "3 320120");
    // The next one may have had OBUs before; a keyframe says itself that it is whole.
    Packets lost = new Packets(AV1).last(1, key).lost().last(3, "10 3020").lost().last(5, key);
    assertThat(lost.dropped).containsExactly("3: its beginning never came");
    assertThat(lost.given()).hasSize(2);
    Packets middle = new Packets(AV1).last(1, key).next(2, "50 3020").lost().last(2, "90 01");
    assertThat(middle.dropped).containsExactly("2: packets of it never came");
    for (String broken :
        new String[] {
          "08", "10 b0", "20 03 30", "30 01 30", "90 01", "00 09 30", "10 320501", "00 ff"
        }) {
      Packets packets = new Packets(AV1).last(1, key).last(2, broken).last(3, "10 3020");
      assertThat(packets.dropped).as(broken).hasSize(1);
      assertThat(packets.given()).as(broken).hasSize(2);
    }
    assertThat(new Packets(AV1).last(1, key).next(2, "50 3020").last(3, "10 3020").dropped)
        .containsExactly("2: the end of an OBU never came");
    assertThat(new Packets(AV1).next(1, "28 03 08aabb 301001").last(1, "90 01").dropped)
        .containsExactly("1: the beginning of an OBU never came");
    Packets delimiter = new Packets(AV1).last(1, "10 1200").last(2, key);
    assertThat(delimiter.dropped).isEmpty();
    assertThat(delimiter.given()).hasSize(1);
  }

  @Test
  void framesAreBounded() {
    DepacketizerSettings limits = new DepacketizerSettings(8, 2);
    Packets vp8 = new Packets(VP8, limits).last(1, "10 0001020304050607");
    assertThat(vp8.last(2, "10 000102030405060708").given()).hasSize(1);
    assertThat(vp8.dropped).containsExactly("2: it has more than 8 bytes");
    Packets av1 = new Packets(AV1, limits).last(1, "28 03 08aabb 301001");
    assertThat(av1.last(2, "28 03 08aabb 30100102").last(3, "00 01 08 01 08 01 08").given())
        .hasSize(1);
    assertThat(av1.dropped)
        .containsExactly("2: it has more than 8 bytes", "3: it has more than 2 units");
  }
}
