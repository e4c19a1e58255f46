package io.millrace.media.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.media.aac.AacConfig;
import io.millrace.media.aac.AdtsHeader;
import io.millrace.media.bits.NalUnits;
import io.millrace.media.codec.CodecSetup.Unrepairable;
import io.millrace.media.h264.AvcConfig;
import io.millrace.media.h264.H264Nal;
import io.millrace.media.h265.H265Nal;
import io.millrace.media.h265.HevcConfig;
import io.millrace.media.mkv.StoredFragments;
import io.millrace.media.mp4.InitSegment;
import io.millrace.media.mp4.MediaSegment;
import io.millrace.media.track.CodecPrivateData;
import io.millrace.media.track.Frame;
import io.millrace.media.track.MalformedMedia;
import io.millrace.media.track.Track;
import io.millrace.media.track.Track.AudioFormat;
import io.millrace.media.track.Track.TrackType;
import io.millrace.tests.fixtures.Ffmpeg;
import io.millrace.tests.fixtures.Recordings;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Setup bytes of the recordings, read, built anew and repaired from frames. */
class CodecSetupTest {
  @TempDir Path folder;

  private static Track track(Recordings recording, int number) throws Exception {
    return StoredFragments.parsed(recording.bytes())
        .getFirst()
        .header()
        .track(number)
        .orElseThrow();
  }

  private static Track bare(TrackType type, String codecId) {
    return new Track(
        1, 1, type, "", codecId, CodecPrivateData.EMPTY, 0, Optional.empty(), Optional.empty());
  }

  @ParameterizedTest
  @CsvSource({
    "KVSSINK_720P_BFRAMES, 1, avc1.4d401f, 1280x720 24.0 8",
    "KVSSINK_360P_AAC, 1, avc1.42c01e, 640x360 24.0 8",
    "KVSSINK_444_10BIT, 1, avc1.f4000d, 320x240 25.0 10",
    "PRODUCER_C_RELATIVE, 1, avc1.64001e, 640x480 25.0 8",
    "CLUSTERS, 1, avc1.640028, 640x480 0.0 8",
    "GET_MEDIA_REPLY, 1, avc1.4d401e, 640x360 30.0 8",
    "H264_OPEN_GOP, 1, avc1.64000d, 320x180 29.97 8",
    "H265_AAC, 1, hvc1.1.6.L60.90, 320x180 29.97 8",
  })
  void pictureAndNameAreThoseOfTheRecording(
      Recordings recording, int number, String name, String picture) throws Exception {
    Track track = track(recording, number);
    CodecStrings.Picture found = CodecStrings.picture(track);

    assertThat(CodecStrings.of(track)).isEqualTo(name);
    assertThat(
            "%dx%d %s %d"
                .formatted(
                    found.width(),
                    found.height(),
                    Math.round(found.frameRate() * 100) / 100.0,
                    found.bitDepth()))
        .isEqualTo(picture);
  }

  @ParameterizedTest
  @CsvSource({
    "KVSSINK_360P_AAC, 2, A_AAC, AAC, mp4a.40.2",
    "H265_AAC, 2, A_AAC, AAC, mp4a.40.2",
    "H264_OPUS, 2, A_OPUS, OPUS, opus",
    "G711_ALAW, 1, A_MS/ACM, G711_ALAW, ",
  })
  void soundIsNamed(Recordings recording, int number, String id, Codec codec, String name)
      throws Exception {
    Track track = track(recording, number);

    assertThat(track.codecId()).isEqualTo(id);
    assertThat(Codec.of(track)).isEqualTo(codec);
    if (name != null) {
      assertThat(CodecStrings.of(track)).isEqualTo(name);
    } else {
      assertThatThrownBy(() -> CodecStrings.of(track)).hasMessageContaining(id);
    }
  }

  @ParameterizedTest
  @CsvSource({"KVSSINK_720P_BFRAMES", "KVSSINK_360P_AAC", "H264_OPEN_GOP"})
  void avccIsBuiltAsItsEncoderBuiltIt(Recordings recording) throws Exception {
    CodecPrivateData original = track(recording, 1).codecPrivate();
    AvcConfig config = AvcConfig.parse(original.view());

    assertThat(config.build()).isEqualTo(original);
    assertThat(AvcConfig.of(config.sps(), config.pps()).build()).isEqualTo(original);
  }

  @Test
  void hvccIsBuiltWithTheFieldsOfItsEncoder() throws Exception {
    HevcConfig original = HevcConfig.parse(track(Recordings.H265_AAC, 1).codecPrivate().view());

    HevcConfig built = HevcConfig.of(original.vps(), original.sps(), original.pps());

    assertThat(built).isEqualTo(original);
    assertThat(HevcConfig.parse(built.build().view())).isEqualTo(original);
  }

  @ParameterizedTest
  @CsvSource({
    "1210, 2, 2, 44100, 44100, 2, 1024, 1024",
    "1190, 2, 2, 48000, 48000, 2, 1024, 1024",
    "2b920800, 2, 5, 22050, 44100, 2, 1024, 2048",
    "eb8a0800, 2, 29, 22050, 44100, 1, 1024, 2048",
    "139056e5a0, 2, 5, 22050, 44100, 2, 1024, 2048",
    "1194, 2, 2, 48000, 48000, 2, 960, 960",
    "1188, 2, 2, 48000, 48000, 1, 1024, 1024",
  })
  void audioSpecificConfigIsRead(
      String hex,
      int type,
      int signalled,
      int coreHz,
      int outputHz,
      int channels,
      int frame,
      int output)
      throws Exception {
    AacConfig config = AacConfig.parse(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));

    assertThat(config).isEqualTo(new AacConfig(type, signalled, coreHz, outputHz, channels, frame));
    assertThat(config.outputFrameSamples()).isEqualTo(output);
    assertThat(config.codecString()).isEqualTo("mp4a.40." + signalled);
  }

  @Test
  void wrongAudioSpecificConfigsAreRefused() {
    for (String hex : List.of("", "00", "1f80", "17f0", "1268")) {
      assertThatThrownBy(() -> AacConfig.parse(ByteBuffer.wrap(HexFormat.of().parseHex(hex))))
          .isInstanceOf(MalformedMedia.class);
    }
  }

  @ParameterizedTest
  @CsvSource({"H264_CROPPED_ANNEX_B, V_MPEG4/ISO/AVC", "H265_CROPPED_ANNEX_B, V_MPEGH/ISO/HEVC"})
  void framesWithStartCodesAndNoSetupPlay(Recordings recording, String codecId) throws Exception {
    List<Frame> frames = accessUnits(recording.bytes(), codecId.equals(Codec.H265_ID));
    CodecSetup setup = CodecSetup.find(bare(TrackType.VIDEO, codecId), frames.getFirst().data());
    Track track = bare(TrackType.VIDEO, codecId).withCodecPrivate(setup.codecPrivate());

    assertThat(setup.framing()).isEqualTo(Framing.ANNEX_B);
    assertThat(setup.repaired()).isTrue();
    assertThat(CodecStrings.picture(track)).isEqualTo(new CodecStrings.Picture(322, 182, 25, 8));
    MediaSegment segment =
        MediaSegment.of(track, setup.framing(), frames, 0, OptionalLong.empty(), 1);
    Path ours = folder.resolve("ours.mp4");
    ByteBuffer init = InitSegment.of(track);
    byte[] all = new byte[init.remaining() + segment.sizeBytes()];
    ByteBuffer target = ByteBuffer.wrap(all);
    target.put(init);
    segment.writeTo(target);
    Files.write(ours, all);
    assertThat(Ffmpeg.frameHashes(ours, "v:0"))
        .hasSize(20)
        .isEqualTo(Ffmpeg.frameHashes(recording.copyTo(folder), "v:0"));
  }

  /** One picture per slice: the encoder was told to use one thread. */
  private static List<Frame> accessUnits(byte[] file, boolean h265) {
    List<Frame> frames = new ArrayList<>();
    List<ByteBuffer> unit = new ArrayList<>();
    for (ByteBuffer nal : NalUnits.splitAnnexB(ByteBuffer.wrap(file))) {
      unit.add(nal);
      int type = h265 ? H265Nal.type(nal) : H264Nal.type(nal);
      if (h265 ? type < H265Nal.VPS : type == H264Nal.SLICE || type == H264Nal.IDR_SLICE) {
        boolean key = h265 ? H265Nal.isKeyframe(unit) : H264Nal.isKeyframe(unit);
        frames.add(new Frame(1, frames.size() * 40_000_000L, 0, key, NalUnits.joinAnnexB(unit)));
        unit.clear();
      }
    }
    assertThat(frames.stream().filter(Frame::keyframe)).hasSize(2);
    return frames;
  }

  @Test
  void setupWithStartCodesBecomesAvcc() throws Exception {
    Track good = track(Recordings.KVSSINK_720P_BFRAMES, 1);
    AvcConfig config = AvcConfig.parse(good.codecPrivate().view());
    List<ByteBuffer> sets = new ArrayList<>(config.sps());
    sets.addAll(config.pps());
    Track annexB = good.withCodecPrivate(CodecPrivateData.copyOf(NalUnits.joinAnnexB(sets)));
    ByteBuffer frame = NalUnits.joinLengthPrefixed(List.of(ByteBuffer.wrap(new byte[] {0x65, 1})));

    CodecSetup setup = CodecSetup.find(annexB, frame);

    assertThat(setup).isEqualTo(new CodecSetup(good.codecPrivate(), Framing.NATIVE, true));
    assertThat(CodecSetup.find(good, frame))
        .isEqualTo(new CodecSetup(good.codecPrivate(), Framing.NATIVE, false));
  }

  @Test
  void setupIsTakenFromLengthPrefixedKeyframesToo() throws Exception {
    Track good = track(Recordings.KVSSINK_720P_BFRAMES, 1);
    ByteBuffer keyframe =
        StoredFragments.parsed(Recordings.KVSSINK_720P_BFRAMES.bytes())
            .getFirst()
            .frames()
            .getFirst()
            .data();

    CodecSetup setup = CodecSetup.find(good.withCodecPrivate(CodecPrivateData.EMPTY), keyframe);

    assertThat(setup).isEqualTo(new CodecSetup(good.codecPrivate(), Framing.NATIVE, true));
  }

  @ParameterizedTest
  @CsvSource({"KVSSINK_720P_BFRAMES, 00000000", "KVSSINK_720P_BFRAMES, 014d401fffe000"})
  void unreadableSetupIsReplacedFromTheKeyframe(Recordings recording, String hex) throws Exception {
    Track good = track(recording, 1);
    ByteBuffer keyframe =
        StoredFragments.parsed(recording.bytes()).getFirst().frames().getFirst().data();
    Track broken = good.withCodecPrivate(CodecPrivateData.copyOf(HexFormat.of().parseHex(hex)));
    ByteBuffer slice = NalUnits.joinLengthPrefixed(List.of(ByteBuffer.wrap(new byte[] {0x65})));

    assertThat(CodecSetup.find(broken, keyframe))
        .isEqualTo(new CodecSetup(good.codecPrivate(), Framing.NATIVE, true));
    assertThatThrownBy(() -> CodecSetup.find(broken, slice)).isInstanceOf(Unrepairable.class);
  }

  @Test
  void audioWithoutSetupIsRepairedFromItsHeadersOrFormat() throws Exception {
    byte[] adts = Recordings.AAC_ADTS.bytes();
    int length = (adts[3] & 3) << 11 | (adts[4] & 0xff) << 3 | (adts[5] & 0xff) >> 5;
    ByteBuffer frame = ByteBuffer.wrap(adts, 0, length).slice();
    Track bare = bare(TrackType.AUDIO, Codec.AAC_ID);
    Track described =
        new Track(
            1,
            1,
            TrackType.AUDIO,
            "",
            Codec.AAC_ID,
            CodecPrivateData.EMPTY,
            0,
            Optional.empty(),
            Optional.of(new AudioFormat(44_100, 2, 16)));

    assertThat(AdtsHeader.find(frame).orElseThrow().headerBytes()).isEqualTo(7);
    CodecSetup fromHeader = CodecSetup.find(bare, frame);
    assertThat(fromHeader.framing()).isEqualTo(Framing.ADTS);
    assertThat(HexFormat.of().formatHex(fromHeader.codecPrivate().toByteArray())).isEqualTo("1188");
    CodecSetup fromFormat = CodecSetup.find(described, ByteBuffer.allocate(4));
    assertThat(fromFormat.framing()).isEqualTo(Framing.NATIVE);
    assertThat(HexFormat.of().formatHex(fromFormat.codecPrivate().toByteArray())).isEqualTo("1210");
  }

  @Test
  void whatCannotBeRepairedIsSaidInWords() {
    ByteBuffer slice = NalUnits.joinAnnexB(List.of(ByteBuffer.wrap(new byte[] {0x65, 1, 2})));

    assertThatThrownBy(() -> CodecSetup.find(bare(TrackType.VIDEO, Codec.H264_ID), slice))
        .isInstanceOf(Unrepairable.class)
        .hasMessageContaining("track 1 (V_MPEG4/ISO/AVC) is missing or invalid")
        .hasMessageContaining("0 sequence and 0 picture parameter sets");
    assertThatThrownBy(() -> CodecSetup.find(bare(TrackType.VIDEO, Codec.H265_ID), slice))
        .isInstanceOf(Unrepairable.class);
    assertThatThrownBy(() -> CodecSetup.find(bare(TrackType.AUDIO, Codec.AAC_ID), slice))
        .isInstanceOf(Unrepairable.class)
        .hasMessageContaining("no sound format");
  }

  @Test
  void aLengthThatLooksLikeAStartCodeIsALength() {
    byte[] unit = new byte[0x1ab];
    unit[0] = 0x41;
    ByteBuffer frame = NalUnits.joinLengthPrefixed(List.of(ByteBuffer.wrap(unit)));

    assertThat(NalUnits.startsWithStartCode(frame)).isTrue();
    assertThat(NalUnits.isAnnexB(frame)).isFalse();
    assertThat(NalUnits.isAnnexB(NalUnits.joinAnnexB(List.of(ByteBuffer.wrap(unit))))).isTrue();
  }
}
