package io.millrace.media.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.media.av1.Av1Config;
import io.millrace.media.av1.Obu;
import io.millrace.media.mkv.MkvFragment;
import io.millrace.media.mkv.StoredFragments;
import io.millrace.media.mp4.InitSegment;
import io.millrace.media.track.CodecPrivateData;
import io.millrace.media.track.Frame;
import io.millrace.media.track.MalformedMedia;
import io.millrace.media.track.MediaException;
import io.millrace.media.track.Track;
import io.millrace.media.track.Track.TrackType;
import io.millrace.media.track.Track.VideoFormat;
import io.millrace.media.track.UnsupportedMedia;
import io.millrace.media.vp8.Vp8Keyframe;
import io.millrace.media.vp9.Vp9Config;
import io.millrace.media.vp9.Vp9Keyframe;
import io.millrace.media.vp9.Vp9Superframe;
import io.millrace.tests.fixtures.Ffmpeg;
import io.millrace.tests.fixtures.Recordings;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** VP8, VP9 and AV1: what their frames say. */
class WebCodecsTest {
  @TempDir Path folder;

  private static Track bare(String codecId) {
    return new Track(
        1,
        1,
        TrackType.VIDEO,
        "",
        codecId,
        CodecPrivateData.EMPTY,
        0,
        Optional.empty(),
        Optional.empty());
  }

  private static ByteBuffer hex(String digits) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(digits.replace(" ", "")));
  }

  private static List<Frame> frames(Recordings recording) throws Exception {
    return StoredFragments.parsed(recording.bytes()).stream()
        .map(MkvFragment::frames)
        .flatMap(List::stream)
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "VP8, V_VP8, ",
    "VP9, V_VP9, vp09.00.11.08",
    "AV1, V_AV1, av01.0.00M.08",
  })
  void keyframesTellTheSetup(Recordings recording, String codecId, String name) throws Exception {
    Frame first = frames(recording).getFirst();
    Track track = InBandSetup.apply(bare(codecId), first.data());

    assertThat(InBandSetup.isMissing(bare(codecId))).isTrue();
    assertThat(InBandSetup.isMissing(track)).isFalse();
    assertThat(track.video()).hasValue(new VideoFormat(320, 180));
    assertThat(InBandSetup.apply(track, first.data())).isSameAs(track);
    if (name != null) {
      assertThat(CodecStrings.of(track)).isEqualTo(name);
      assertThat(CodecStrings.picture(track).bitDepth()).isEqualTo(8);
      CodecSetup repaired = CodecSetup.find(bare(codecId), first.data());
      assertThat(repaired.codecPrivate()).isEqualTo(track.codecPrivate());
      assertThat(repaired.repaired()).isTrue();
      assertThat(CodecSetup.find(track, first.data()).repaired()).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({"VP8", "VP9", "AV1"})
  void keyframesAreThoseOfTheContainer(Recordings recording) throws Exception {
    List<Frame> frames = frames(recording);
    assertThat(frames).hasSize(30);
    for (Frame frame : frames) {
      boolean key =
          switch (recording) {
            case VP8 -> Vp8Keyframe.is(frame.data());
            case VP9 -> Vp9Keyframe.is(frame.data());
            default -> Obu.isKeyframe(frame.data());
          };
      assertThat(key).isEqualTo(frame.keyframe());
    }
  }

  @Test
  void av1cIsBuiltAsAnotherMuxerBuiltIt() throws Exception {
    CodecPrivateData theirs =
        StoredFragments.parsed(Recordings.AV1.bytes())
            .getFirst()
            .header()
            .track(1)
            .orElseThrow()
            .codecPrivate();
    assertThat(Av1Config.parse(theirs.view()).build()).isEqualTo(theirs);
    Frame first = frames(Recordings.AV1).getFirst();
    assertThat(Av1Config.find(first.data()).build()).isEqualTo(theirs);
    // Four bytes leave the sequence header to the frames.
    CodecPrivateData fixed = CodecPrivateData.copyOf(theirs.view().limit(4));
    CodecSetup setup = CodecSetup.find(bare("V_AV1").withCodecPrivate(fixed), first.data());
    assertThat(setup.codecPrivate()).isEqualTo(theirs);
    Frame second = frames(Recordings.AV1).get(1);
    assertThatThrownBy(() -> CodecSetup.find(bare("V_AV1").withCodecPrivate(fixed), second.data()))
        .hasMessageContaining("sequence header");
  }

  /** Encoders with other profiles, depths and sizes; their own container says what they made. */
  @ParameterizedTest
  @CsvSource({
    "libvpx-vp9, yuv422p, vp09.01.10.08, 8 2",
    "libvpx-vp9, yuv444p, vp09.01.10.08, 8 3",
    "libvpx-vp9, gbrp, vp09.01.10.08, 8 3",
    "libvpx-vp9, yuv420p10le, vp09.02.10.10, 10 1",
    "libvpx-vp9, yuv444p12le, vp09.03.10.12, 12 3",
    "libaom-av1, yuv444p, av01.1.00M.08, 8 0",
    "libaom-av1, yuv422p10le, av01.2.00M.10, 10 0",
    "libaom-av1, gray, av01.0.00M.08, 8 0",
  })
  void otherProfilesAreRead(String encoder, String pixels, String name, String sampling)
      throws Exception {
    Path file = folder.resolve("one.mkv");
    Ffmpeg.run(
        List.of(
            "ffmpeg",
            "-v",
            "error",
            "-f",
            "lavfi",
            "-i",
            "testsrc2=size=98x66:rate=5",
            "-frames:v",
            "1",
            "-pix_fmt",
            pixels,
            "-strict",
            "-2",
            "-c:v",
            encoder,
            "-cpu-used",
            "8",
            "-y",
            file.toString()));
    MkvFragment fragment = StoredFragments.parsed(Files.readAllBytes(file)).getFirst();
    ByteBuffer frame = fragment.frames().getFirst().data();
    Track track = InBandSetup.apply(bare(encoder.contains("vp9") ? "V_VP9" : "V_AV1"), frame);

    assertThat(CodecStrings.of(track)).isEqualTo(name);
    assertThat(track.video()).hasValue(new VideoFormat(98, 66));
    if (encoder.contains("vp9")) {
      Vp9Config config = Vp9Config.parse(track.codecPrivate().view());
      assertThat(config.bitDepth() + " " + config.chromaSubsampling()).isEqualTo(sampling);
    } else {
      assertThat(track.codecPrivate())
          .isEqualTo(fragment.header().track(1).orElseThrow().codecPrivate());
    }
  }

  @Test
  void levelsFollowThePictureSize() throws Exception {
    int[][] levels = {{640, 360, 21}, {1280, 720, 31}, {1920, 1080, 40}, {3840, 2160, 50}};
    for (int[] each : levels) {
      Vp9Keyframe frame = new Vp9Keyframe(0, 8, true, true, each[0], each[1]);
      assertThat(Vp9Config.of(frame).level()).isEqualTo(each[2]);
    }
    assertThat(Vp9Config.of(new Vp9Keyframe(0, 8, true, true, 65_536, 65_536)).level())
        .isEqualTo(62);
    assertThatThrownBy(() -> Vp9Config.of(new Vp9Keyframe(1, 8, false, true, 2, 2)))
        .isInstanceOf(UnsupportedMedia.class)
        .hasMessageContaining("4:4:0");
  }

  @Test
  void vp8IsNotForMp4AndSaysSo() throws Exception {
    Track track = InBandSetup.apply(bare("V_VP8"), frames(Recordings.VP8).getFirst().data());
    assertThat(Codec.of(track).isVideo()).isTrue();
    assertThat(Codec.of(track).playable()).isFalse();
    assertThatThrownBy(() -> InitSegment.of(track))
        .isInstanceOf(UnsupportedMedia.class)
        .hasMessageContaining("V_VP8");
  }

  @Test
  void initSegmentsSayWhatPlayersAskFor() throws Exception {
    for (Recordings recording : List.of(Recordings.VP9, Recordings.AV1)) {
      String id = "V_" + recording;
      Track track = InBandSetup.apply(bare(id), frames(recording).getFirst().data());
      String init = StandardCharsets.ISO_8859_1.decode(InitSegment.of(track)).toString();
      if (recording == Recordings.VP9) {
        assertThat(init).contains("vp09").contains("vpcC\1\0\0\0\0\13\202\2\2\2\0\0");
      } else {
        assertThat(init).contains("av01").contains("av1C\201");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "V_VP8, 10 02 00 9d 01 2a 40 01 b4",
    "V_VP8, 10 02 00 9d 01 2b 40 01 b4 00",
    "V_VP8, 10 02 00 9d 01 2a 00 c0 b4 00",
    "V_VP8, 11 02 00 9d 01 2a 40 01 b4 00",
    "V_VP9, 86 00 40 92 9c 00 13 f0",
    "V_VP9, 82 49 83 42",
    "V_VP9, 82 49 83 43 00 13 f0 0b 30",
    "V_VP9, 82 49 83 42 e0 13 f0 0b 30",
    "V_AV1, 8a 01 00",
    "V_AV1, 0a 05 00 00",
    "V_AV1, 0a ff ff ff ff ff ff ff ff",
    "V_AV1, 0a 01 e0",
    "V_AV1, 0e",
  })
  void whatIsNoKeyframeIsRefused(String codecId, String frame) {
    assertThatThrownBy(() -> InBandSetup.apply(bare(codecId), hex(frame)))
        .isInstanceOf(MalformedMedia.class);
  }

  @Test
  void anEmptyFrameIsNoKeyframe() {
    assertThat(Vp8Keyframe.is(hex(""))).isFalse();
    assertThat(Vp9Keyframe.is(hex(""))).isFalse();
    assertThat(Obu.isKeyframe(hex(""))).isFalse();
    assertThat(Vp9Keyframe.is(hex("42"))).as("another frame marker").isFalse();
    assertThat(Vp9Keyframe.is(hex("b0"))).as("profile 3").isTrue();
    assertThat(Vp9Keyframe.is(hex("b4"))).as("profile 3, shown again").isFalse();
    assertThat(Vp9Keyframe.is(hex("88"))).as("shown again").isFalse();
  }

  @Test
  void brokenFeaturesAreRepairedFromTheFrame() throws Exception {
    Frame first = frames(Recordings.VP9).getFirst();
    CodecPrivateData whole = Vp9Config.of(Vp9Keyframe.parse(first.data())).build();
    for (String features : List.of("01", "01 01", "01 01 00", "01 01 09 02 01 0a 03 01 08")) {
      Track track = bare("V_VP9").withCodecPrivate(CodecPrivateData.copyOf(hex(features)));
      assertThatThrownBy(() -> Vp9Config.parse(hex(features))).isInstanceOf(MediaException.class);
      assertThat(CodecSetup.find(track, first.data()).codecPrivate()).isEqualTo(whole);
    }
    assertThat(Vp9Config.parse(hex("01 01 02 02 01 1f 03 01 0a 04 01 01 77 02 00 00")))
        .isEqualTo(new Vp9Config(2, 31, 10, 1));
  }

  @Test
  void theLargestLayerIsThePictureSize() throws Exception {
    String key = "824983422013f00b30";
    String layer = "8702000004fe02ce";
    String index = "c9" + "0900" + "0800" + "c9";
    Track track = InBandSetup.apply(bare("V_VP9"), hex(key + layer + index));
    assertThat(track.video()).hasValue(new VideoFormat(640, 360));
    assertThat(CodecStrings.of(track)).isEqualTo("vp09.00.21.08");
    String broken = index.replace("0900" + "0800", "ff00" + "0800");
    assertThat(InBandSetup.apply(bare("V_VP9"), hex(key + layer + broken)).video())
        .as("an index that reaches too far is none")
        .hasValue(new VideoFormat(320, 180));
    // Hidden frames are as large as the one shown.
    assertThat(
            frames(Recordings.VP9).stream()
                .map(frame -> Vp9Superframe.frames(frame.data()).size())
                .filter(count -> count > 1))
        .isNotEmpty();
  }

  @Test
  void superframesAreIndexed() {
    assertThat(Vp9Superframe.index(5, 0x10203)).isEqualTo(hex("d9 05000000 03020100 d9"));
    assertThat(Vp9Superframe.index(new int[8]).remaining()).isEqualTo(34);
    assertThatThrownBy(() -> Vp9Superframe.index(new int[9]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
