package io.millrace.ingest.rtp.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.media.codec.Codec;
import io.millrace.media.track.Track;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Payloads of sound written by hand. */
class SoundPayloadTest {
  private static final DepacketizerSettings SMALL = new DepacketizerSettings(4, 1);
  private static final RtpFormat OPUS = new RtpFormat(98, "OPUS", 48_000, 2, Map.of());

  private static RtpFormat aac(int clockRate, String config) {
    return new RtpFormat(
        97,
        "MPEG4-GENERIC",
        clockRate,
        2,
        Map.of(
            "mode",
            "AAC-hbr",
            "sizelength",
            "13",
            "indexlength",
            "3",
            "indexdeltalength",
            "3",
            "config",
            config));
  }

  @Test
  void aacFramesOfAPacketFollowEachOther() {
    assertThat(new Packets(aac(48_000, "1190")).last(5000, "0020 0010 0018 0102 030405").given())
        .containsExactly("5000* 0102", "6024* 030405");
    // HE-AAC: 1024 samples of the core are 2048 of the clock.
    assertThat(new Packets(aac(48_000, "2b118800")).last(0, "0020 0010 0010 0102 0304").given())
        .containsExactly("0* 0102", "2048* 0304");
  }

  @Test
  void aacFramesInPiecesAreJoined() {
    Packets packets = new Packets(aac(48_000, "1190"));
    packets.next(1, "0010 0028 0102").next(1, "0010 0028 0304").last(1, "0010 0028 05");
    assertThat(packets.given()).containsExactly("1* 0102030405");
    packets.next(2, "0010 0028 0102").lost().last(2, "0010 0028 05").last(3, "0010 0008 09");
    assertThat(packets.given()).containsExactly("1* 0102030405", "3* 09");
    packets.next(4, "0010 0028 0102").last(5, "0010 0008 09");
    packets.next(6, "0010 0028 0102").last(6, "0010 0028 0304");
    packets.next(7, "0010 0018 0102").last(7, "0010 0018 0304");
    assertThat(packets.dropped)
        .containsExactly(
            "2: packets of it never came",
            "2: it has fewer bytes than announced",
            "4: packets of it never came",
            "6: it has fewer bytes than announced",
            "7: it has more bytes than announced");
    assertThat(packets.next(8, "0010 0028 0102").flush().dropped).hasSize(6);
  }

  @Test
  void aacHeadersThatDoNotFitAreDropped() {
    Packets packets = new Packets(aac(48_000, "1190"));
    packets.last(1, "00").last(2, "0000 01").last(3, "ffff 0010 01").last(4, "0010 0008 01");
    assertThat(packets.given()).containsExactly("4* 01");
    assertThat(packets.dropped).hasSize(3);
  }

  @Test
  void framesAreBounded() {
    Packets opus = new Packets(OPUS, SMALL).next(1, "01020304").next(2, "0102030405").next(3, "");
    assertThat(opus.given()).containsExactly("1* 01020304");
    assertThat(opus.dropped).containsExactly("2: it has more than 4 bytes");
    Packets whole = new Packets(aac(48_000, "1190"), SMALL);
    whole.last(1, "0010 0020 01020304").last(2, "0010 0028 0102030405");
    assertThat(whole.given()).containsExactly("1* 01020304");
    assertThat(whole.dropped).containsExactly("2: it has more than 4 bytes");
    Packets pieces = new Packets(aac(48_000, "1190"), SMALL);
    pieces.next(1, "0010 0020 0102").last(1, "0010 0020 0304");
    pieces.next(2, "0010 0028 0102").last(2, "0010 0028 030405");
    assertThat(pieces.given()).containsExactly("1* 01020304");
    assertThat(pieces.dropped).containsExactly("2: it has more than 4 bytes");
    assertThatThrownBy(() -> new DepacketizerSettings(0, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void tracksSayWhatTheFormatSays() {
    Track opus = PayloadFormats.track(3, OPUS);
    assertThat(opus.audio().orElseThrow().channels()).isEqualTo(1);
    assertThat(opus.codecPrivate().toByteArray())
        .startsWith("OpusHead".getBytes(StandardCharsets.US_ASCII))
        .hasSize(19);
    RtpFormat stereo = new RtpFormat(98, "OPUS", 48_000, 2, Map.of("sprop-stereo", "1"));
    assertThat(PayloadFormats.track(3, stereo).audio().orElseThrow().channels()).isEqualTo(2);
    assertThat(PayloadFormats.format(98, PayloadFormats.track(3, stereo))).isEqualTo(stereo);
    Track ulaw = PayloadFormats.track(1, new RtpFormat(0, "PCMU", 8000, 1, Map.of()));
    assertThat(Codec.of(ulaw)).isEqualTo(Codec.G711_ULAW);
    Track alaw = PayloadFormats.track(1, new RtpFormat(101, "PCMA", 16_000, 2, Map.of()));
    assertThat(Codec.of(alaw)).isEqualTo(Codec.G711_ALAW);
    assertThat(PayloadFormats.format(101, alaw))
        .isEqualTo(new RtpFormat(101, "PCMA", 16_000, 2, Map.of()));
  }

  @Test
  void whatADescriptionSaysWronglyIsLeftOut() {
    for (String sets : new String[] {"", "Z0IA", "!!!", "Z0IAHpWoKA9k,aM48gA==,!!!", ",,,"}) {
      RtpFormat format = new RtpFormat(96, "H264", 90_000, 0, Map.of("sprop-parameter-sets", sets));
      assertThat(PayloadFormats.track(1, format).codecPrivate().isEmpty()).as(sets).isTrue();
    }
    assertThat(PayloadFormats.track(2, aac(44_100, "zz")).codecPrivate().isEmpty()).isTrue();
    assertThat(PayloadFormats.track(2, aac(44_100, "")).audio().orElseThrow().samplingHz())
        .isEqualTo(44_100);
    RtpFormat interleaved = new RtpFormat(96, "H264", 90_000, 0, Map.of("packetization-mode", "2"));
    assertThat(PayloadFormats.supports(interleaved)).isFalse();
    assertThat(PayloadFormats.supports(new RtpFormat(97, "MPEG4-GENERIC", 8000, 1, Map.of())))
        .isFalse();
  }
}
