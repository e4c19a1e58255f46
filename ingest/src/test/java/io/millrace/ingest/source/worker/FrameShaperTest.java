package io.millrace.ingest.source.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.media.bits.NalUnits;
import io.millrace.media.codec.Codec;
import io.millrace.media.h264.AvcConfig;
import io.millrace.media.track.CodecPrivateData;
import io.millrace.media.track.MediaException;
import io.millrace.media.track.Track;
import io.millrace.media.track.Track.AudioFormat;
import io.millrace.media.track.Track.TrackType;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Frames as containers have them become frames as Matroska keeps them. */
class FrameShaperTest {
  private static final ByteBuffer SPS =
      ByteBuffer.wrap(HexFormat.of().parseHex("67640016acd940a02ff97011000003000100000300320f16"));
  private static final ByteBuffer PPS = ByteBuffer.wrap(HexFormat.of().parseHex("68ebe3cb22c0"));
  private static final ByteBuffer SLICE = ByteBuffer.wrap(new byte[] {0x65, 1, 2, 3});

  private static Track h264(CodecPrivateData setup) {
    return new Track(
        1, 1, TrackType.VIDEO, "", Codec.H264_ID, setup, 0, Optional.empty(), Optional.empty());
  }

  private static Track aac(CodecPrivateData setup) {
    return new Track(
        2,
        2,
        TrackType.AUDIO,
        "",
        Codec.AAC_ID,
        setup,
        0,
        Optional.empty(),
        Optional.of(new AudioFormat(48_000, 2, 0)));
  }

  @Test
  void startCodesBecomeLengths() throws Exception {
    CodecPrivateData sets = CodecPrivateData.copyOf(NalUnits.joinAnnexB(List.of(SPS, PPS)));
    FrameShaper shaper = FrameShaper.of(h264(sets));
    assertThat(shaper.isKnown()).isTrue();
    assertThat(shaper.track().codecPrivate().isEmpty()).isTrue();
    List<ByteBuffer> units = List.of(SPS, PPS, SLICE);
    assertThat(shaper.shape(NalUnits.joinAnnexB(units)))
        .isEqualTo(NalUnits.joinLengthPrefixed(units));
    assertThat(shaper.shape(ByteBuffer.allocate(0))).isNull();
    assertThat(shaper.shape(ByteBuffer.wrap(new byte[] {0, 0, 0, 1}))).isNull();
  }

  @Test
  void otherLengthsBecomeFourBytes() throws Exception {
    AvcConfig config = AvcConfig.of(List.of(SPS), List.of(PPS));
    AvcConfig twoBytes =
        new AvcConfig(
            config.profileIdc(),
            config.constraintFlags(),
            config.levelIdc(),
            2,
            config.sps(),
            config.pps());
    FrameShaper shaper = FrameShaper.of(h264(twoBytes.build()));
    assertThat(shaper.track().codecPrivate()).isEqualTo(config.build());
    ByteBuffer frame = ByteBuffer.wrap(new byte[] {0, 4, 0x65, 1, 2, 3});
    assertThat(shaper.shape(frame)).isEqualTo(NalUnits.joinLengthPrefixed(List.of(SLICE)));
    assertThatThrownBy(() -> shaper.shape(ByteBuffer.wrap(new byte[] {0, 9, 0x65})))
        .isInstanceOf(MediaException.class);
  }

  @Test
  void fourByteLengthsStayAsTheyAre() throws Exception {
    CodecPrivateData setup = AvcConfig.of(List.of(SPS), List.of(PPS)).build();
    FrameShaper shaper = FrameShaper.of(h264(setup));
    ByteBuffer frame = NalUnits.joinLengthPrefixed(List.of(SLICE));
    assertThat(shaper.shape(frame)).isSameAs(frame);
    assertThat(shaper.track().codecPrivate()).isEqualTo(setup);
  }

  @Test
  void soundWithHeadersTellsItsSetupWithTheFirstFrame() throws Exception {
    FrameShaper shaper = FrameShaper.of(aac(CodecPrivateData.EMPTY));
    assertThat(shaper.isKnown()).isFalse();
    // AAC LC, 48 kHz, two channels, nine bytes in all.
    byte[] adts = {(byte) 0xff, (byte) 0xf1, 0x4c, (byte) 0x80, 0x01, 0x3f, (byte) 0xfc, 7, 8};
    assertThat(shaper.shape(ByteBuffer.wrap(adts))).isEqualTo(ByteBuffer.wrap(new byte[] {7, 8}));
    assertThat(shaper.isKnown()).isTrue();
    assertThat(shaper.track().codecPrivate().toByteArray())
        .isEqualTo(new byte[] {0x11, (byte) 0x90});
    ByteBuffer raw = ByteBuffer.wrap(new byte[] {1, 2, 3});
    assertThat(shaper.shape(raw)).isSameAs(raw);
  }
}
