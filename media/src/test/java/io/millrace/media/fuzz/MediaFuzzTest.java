package io.millrace.media.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.millrace.media.aac.AacConfig;
import io.millrace.media.aac.AdtsHeader;
import io.millrace.media.av1.Av1Config;
import io.millrace.media.av1.Obu;
import io.millrace.media.av1.SequenceHeader;
import io.millrace.media.codec.Codec;
import io.millrace.media.codec.CodecSetup;
import io.millrace.media.codec.CodecStrings;
import io.millrace.media.codec.InBandSetup;
import io.millrace.media.h264.AvcConfig;
import io.millrace.media.h264.H264Sps;
import io.millrace.media.h265.H265Sps;
import io.millrace.media.h265.HevcConfig;
import io.millrace.media.mkv.FrameEvent;
import io.millrace.media.mkv.MkvDemuxer;
import io.millrace.media.mkv.MkvFragment;
import io.millrace.media.mkv.MkvListener;
import io.millrace.media.mkv.MkvSettings;
import io.millrace.media.mp4.ByteSource;
import io.millrace.media.mp4.InitSegment;
import io.millrace.media.mp4.MediaSegment;
import io.millrace.media.mp4.Mp4Reader;
import io.millrace.media.mp4.Mp4Sample;
import io.millrace.media.mp4.Mp4Settings;
import io.millrace.media.track.CodecPrivateData;
import io.millrace.media.track.Frame;
import io.millrace.media.track.MediaException;
import io.millrace.media.track.Track;
import io.millrace.media.track.Track.TrackType;
import io.millrace.media.vp8.Vp8Keyframe;
import io.millrace.media.vp9.Vp9Config;
import io.millrace.media.vp9.Vp9Keyframe;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.opentest4j.AssertionFailedError;

/**
 * Any bytes are read or refused with a {@link MediaException}. Findings are kept beside this class
 * in {@code MediaFuzzTestInputs}; {@code JAZZER_FUZZ=1} looks for more.
 */
class MediaFuzzTest {
  private static final Mp4Settings SMALL = new Mp4Settings(1 << 20, 8, 1000, 1 << 20, 1000);

  @FuzzTest
  void matroska(byte[] data) {
    String whole = demux(data, data.length);
    String pieces = demux(data, 3);
    if (!whole.equals(pieces)) {
      throw new AssertionFailedError("split input reads otherwise", whole, pieces);
    }
  }

  private static String demux(byte[] data, int pieceBytes) {
    StringBuilder text = new StringBuilder();
    MkvListener listener =
        new MkvListener() {
          @Override
          public void frame(FrameEvent frame) {
            text.append(frame.trackNumber()).append(' ').append(frame.ptsNanos());
            text.append(' ').append(frame.dataOffset()).append(' ').append(frame.sizeBytes());
            text.append(' ').append(frame.data().remaining()).append('\n');
          }
        };
    MkvDemuxer demuxer = new MkvDemuxer(MkvSettings.LIVE.withDeliveredBytes(5), listener);
    try {
      for (int at = 0; at < data.length; at += pieceBytes) {
        demuxer.feed(ByteBuffer.wrap(data, at, Math.min(pieceBytes, data.length - at)));
      }
      demuxer.end();
    } catch (MediaException e) {
      text.append(e.getMessage());
    }
    return text.toString();
  }

  @FuzzTest
  void fragment(byte[] data) {
    try {
      MkvFragment fragment = MkvFragment.parse(ByteBuffer.wrap(data));
      for (Track track : fragment.header().tracks()) {
        segment(track, fragment);
      }
    } catch (MediaException e) {
      // Refusing is an answer.
    }
  }

  private static void segment(Track declared, MkvFragment fragment) throws MediaException {
    List<Frame> own =
        fragment.frames().stream().filter(f -> f.trackNumber() == declared.number()).toList();
    if (own.isEmpty() || !Codec.of(declared).playable()) {
      return;
    }
    try {
      CodecSetup setup = CodecSetup.find(declared, own.getFirst().data());
      Track track = declared.withCodecPrivate(setup.codecPrivate());
      InitSegment.of(track);
      CodecStrings.of(track);
      long base = own.stream().mapToLong(f -> f.ptsNanos()).min().orElseThrow();
      MediaSegment.of(track, setup.framing(), own, base, OptionalLong.empty(), 1).toByteBuffer();
    } catch (CodecSetup.Unrepairable e) {
      // Refusing is an answer.
    }
  }

  @FuzzTest
  void mp4(byte[] data) throws IOException {
    try {
      Mp4Reader reader = Mp4Reader.open(ByteSource.of(ByteBuffer.wrap(data)), SMALL);
      for (Mp4Sample sample = reader.next(); sample != null; sample = reader.next()) {
        reader.read(sample);
      }
    } catch (MediaException e) {
      // Refusing is an answer.
    }
  }

  @FuzzTest
  void h264(byte[] data) {
    refusable(() -> H264Sps.parse(ByteBuffer.wrap(data)).codecString());
    refusable(() -> AvcConfig.parse(AvcConfig.parse(ByteBuffer.wrap(data)).build().view()));
    setup(Codec.H264_ID, data);
  }

  @FuzzTest
  void h265(byte[] data) {
    refusable(() -> H265Sps.parse(ByteBuffer.wrap(data)).profile().codecString("hev1"));
    refusable(() -> HevcConfig.parse(HevcConfig.parse(ByteBuffer.wrap(data)).build().view()));
    setup(Codec.H265_ID, data);
  }

  @FuzzTest
  void vp8(byte[] data) {
    refusable(() -> Vp8Keyframe.parse(ByteBuffer.wrap(data)));
    setup(Codec.VP8_ID, data);
  }

  @FuzzTest
  void vp9(byte[] data) {
    refusable(() -> Vp9Config.of(Vp9Keyframe.parse(ByteBuffer.wrap(data))).codecString());
    refusable(() -> Vp9Config.parse(Vp9Config.parse(ByteBuffer.wrap(data)).build().view()));
    setup(Codec.VP9_ID, data);
  }

  @FuzzTest
  void av1(byte[] data) {
    refusable(() -> Obu.split(ByteBuffer.wrap(data)));
    refusable(() -> SequenceHeader.parse(ByteBuffer.wrap(data)));
    refusable(() -> Av1Config.parse(Av1Config.parse(ByteBuffer.wrap(data)).build().view()));
    setup(Codec.AV1_ID, data);
  }

  @FuzzTest
  void aac(byte[] data) {
    refusable(() -> AacConfig.parse(ByteBuffer.wrap(data)).codecString());
    AdtsHeader.find(ByteBuffer.wrap(data));
    setup(Codec.AAC_ID, data);
  }

  /** The bytes as setup of a track, and as its first frame. */
  private static void setup(String codecId, byte[] data) {
    Track bare =
        new Track(
            1,
            1,
            TrackType.VIDEO,
            "",
            codecId,
            CodecPrivateData.EMPTY,
            0,
            Optional.empty(),
            Optional.empty());
    for (Track track : List.of(bare, bare.withCodecPrivate(CodecPrivateData.copyOf(data)))) {
      refusable(
          () -> {
            CodecSetup found = CodecSetup.find(track, ByteBuffer.wrap(data));
            CodecStrings.of(track.withCodecPrivate(found.codecPrivate()));
          });
      refusable(
          () -> {
            Track applied = InBandSetup.apply(track, ByteBuffer.wrap(data));
            if (!InBandSetup.isMissing(applied) && Codec.of(applied).playable()) {
              InitSegment.of(applied);
            }
          });
    }
  }

  private interface Reading {
    void run() throws Exception;
  }

  private static void refusable(Reading reading) {
    try {
      reading.run();
    } catch (MediaException | CodecSetup.Unrepairable e) {
      // Refusing is an answer.
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
