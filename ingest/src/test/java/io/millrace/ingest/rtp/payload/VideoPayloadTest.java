package io.millrace.ingest.rtp.payload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Payloads of H.264 and H.265 written by hand: what cameras do, and what networks do to it. */
class VideoPayloadTest {
  private static final RtpFormat H264 = new RtpFormat(96, "H264", 90_000, 0, Map.of());
  private static final RtpFormat H265 = new RtpFormat(96, "H265", 90_000, 0, Map.of());

  @Test
  void h264PayloadsOfEveryKindBecomeOneFrame() {
    Packets packets =
        new Packets(H264)
            .next(1, "78 0002 6742 0002 68ce")
            .next(1, "7c 85 88aa")
            .next(1, "7c 05 bb")
            .next(1, "7c 45 cc")
            .last(1, "65 11");
    assertThat(packets.given())
        .containsExactly(
            "1* 000000026742" + "0000000268ce" + "0000000565" + "88aabbcc" + "000000026511");
    assertThat(packets.dropped).isEmpty();
  }

  @Test
  void h265PayloadsOfEveryKindBecomeOneFrame() {
    Packets packets =
        new Packets(H265)
            .next(1, "6001 0003 4001aa 0003 4201bb")
            .next(1, "4401 cc")
            .next(1, "6201 93 8001")
            .last(1, "6201 53 02");
    assertThat(packets.given())
        .containsExactly(
            "1* 000000034001aa" + "000000034201bb" + "000000034401cc" + "000000052601800102");
  }

  @Test
  void decodingOrderNumbersAreReadOver() {
    RtpFormat format = new RtpFormat(96, "H265", 90_000, 0, Map.of("sprop-max-don-diff", "2"));
    Packets packets =
        new Packets(format)
            .next(1, "4001 0001 aa")
            .next(1, "6001 0002 0003 4201bb 00 0003 4401cc")
            .next(1, "6201 93 0004 8001")
            .last(1, "6201 53 02");
    assertThat(packets.given())
        .containsExactly(
            "1* 000000034001aa" + "000000034201bb" + "000000034401cc" + "000000052601800102");
  }

  @Test
  void aMarkerEndsAPictureAtOnce() {
    Packets packets = new Packets(H264).last(1, "6588").last(2, "419a");
    assertThat(packets.given()).containsExactly("1* 000000026588", "2 00000002419a");
  }

  @Test
  void withoutMarkersTheNextTimestampEndsIt() {
    Packets packets = new Packets(H264).next(1, "6588").next(1, "6511").next(2, "419a");
    assertThat(packets.given()).containsExactly("1* 000000026588000000026511");
    packets.flush();
    assertThat(packets.given()).hasSize(2);
  }

  @Test
  void aSourceSeenToMarkEverySliceIsNotBelievedAgain() {
    Packets packets = new Packets(H264);
    packets.last(1, "6588").last(1, "6511").last(2, "419a").last(2, "4111").last(3, "419a");
    assertThat(packets.dropped).containsExactly("1: the marker was set within its picture");
    assertThat(packets.given()).containsExactly("1* 000000026588", "2 00000002419a000000024111");
    packets.flush();
    assertThat(packets.given()).hasSize(3);
  }

  @Test
  void markedParameterSetsBelongToThePictureBehindThem() {
    String expected = " 0000000267420000000268ce000000026588";
    assertThat(new Packets(H264).last(1, "6742").last(1, "68ce").last(1, "6588").given())
        .containsExactly("1*" + expected);
    assertThat(new Packets(H264).last(1, "6742").next(2, "68ce").last(3, "6588").given())
        .containsExactly("3*" + expected);
    // Sent with the time of the picture before.
    Packets packets = new Packets(H264).last(1, "6588").last(1, "6742").last(1, "68ce");
    assertThat(packets.last(2, "6588").given()).containsExactly("1* 000000026588", "2*" + expected);
    assertThat(packets.dropped).isEmpty();
  }

  @Test
  void openGroupsOfPicturesBeginAtTheirRecoveryPoint() {
    assertThat(new Packets(H264).next(1, "06 06 01 c4 80").last(1, "419a").given())
        .containsExactly("1* 000000050606" + "01c480" + "00000002419a");
    assertThat(new Packets(H264).next(1, "06 06 01 44 80").last(1, "419a").given())
        .containsExactly("1 000000050606" + "014480" + "00000002419a");
    assertThat(new Packets(H265).last(1, "2a01 80").given()).containsExactly("1* 000000032a0180");
  }

  @Test
  void whatLacksAPacketIsDropped() {
    Packets middle = new Packets(H264).next(1, "7c8588").lost().last(1, "7c45cc").last(2, "419a");
    assertThat(middle.given()).containsExactly("2 00000002419a");
    assertThat(middle.dropped).containsExactly("1: packets of it never came");

    Packets end = new Packets(H264).next(1, "7c8588").lost().last(2, "419a").last(3, "419b");
    assertThat(end.dropped.getFirst()).isEqualTo("1: packets of it never came");
    assertThat(end.given()).contains("3 00000002419b").doesNotContain("1* 0000000265" + "88");

    Packets beginning = new Packets(H264).last(1, "6588").lost().last(2, "4111").last(3, "419a");
    assertThat(beginning.given()).containsExactly("1* 000000026588", "3 00000002419a");
    assertThat(beginning.dropped).containsExactly("2: its beginning never came");
  }

  @Test
  void aFrameThatUsuallyBeginsWithADelimiterIsNotWholeWithoutIt() {
    Packets packets = new Packets(H264).next(1, "09f0").last(1, "419a").lost().last(2, "419a");
    assertThat(packets.dropped).containsExactly("2: its beginning never came");
    assertThat(packets.lost().next(3, "09f0").last(3, "419a").given()).hasSize(2);
  }

  @Test
  void joiningWithinAPictureDropsIt() {
    Packets packets = new Packets(H264).next(1, "7c05bb").last(1, "7c45cc").last(2, "6588");
    assertThat(packets.given()).containsExactly("2* 000000026588");
    assertThat(packets.dropped).containsExactly("1: its beginning never came");
  }

  @Test
  void emptyPacketsChangeNothingButALossBeforeThemCounts() {
    Packets packets = new Packets(H264).last(1, "6588").last(1, "").next(2, "419a").last(2, "");
    assertThat(packets.last(2, "4111").given())
        .containsExactly("1* 000000026588", "2 00000002419a000000024111");
    packets.lost().next(2, "").last(3, "4111");
    assertThat(packets.dropped).containsExactly("3: its beginning never came");
  }

  @Test
  void whatBreaksTheFormatIsDropped() {
    for (String broken : new String[] {"78 0009 6742", "7c", "1e00", "7d00", "78 00"}) {
      Packets packets = new Packets(H264).next(1, "6588").last(1, broken).last(2, "6588");
      assertThat(packets.given()).as(broken).containsExactly("2* 000000026588");
      assertThat(packets.dropped).as(broken).hasSize(1);
    }
    for (String broken : new String[] {"26", "2601", "6001 0009 4001", "6201", "6401 00"}) {
      Packets packets = new Packets(H265).next(1, "260188").last(1, broken).last(2, "260188");
      assertThat(packets.given()).as(broken).containsExactly("2* 00000003260188");
      assertThat(packets.dropped).as(broken).hasSize(1);
    }
  }

  @Test
  void aPauseGivesOutOnlyWhatIsWhole() {
    assertThat(new Packets(H264).next(1, "6588").flush().dropped)
        .containsExactly("1: the source ended within it");
    Packets sets = new Packets(H264).next(1, "6742").flush();
    assertThat(sets.given()).isEmpty();
    assertThat(sets.dropped).isEmpty();
  }
}
