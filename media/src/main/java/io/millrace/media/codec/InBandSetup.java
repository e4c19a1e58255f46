package io.millrace.media.codec;

import io.millrace.media.av1.Av1Config;
import io.millrace.media.bits.NalUnits;
import io.millrace.media.h264.AvcConfig;
import io.millrace.media.h264.H264Nal;
import io.millrace.media.h265.H265Nal;
import io.millrace.media.h265.HevcConfig;
import io.millrace.media.track.CodecPrivateData;
import io.millrace.media.track.MediaException;
import io.millrace.media.track.Track;
import io.millrace.media.track.Track.VideoFormat;
import io.millrace.media.vp8.Vp8Keyframe;
import io.millrace.media.vp9.Vp9Config;
import io.millrace.media.vp9.Vp9Keyframe;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;

/** Decoder setup that travels in the frames of a track, as cameras send it before keyframes. */
public final class InBandSetup {
  private InBandSetup() {}

  /**
   * The track as a keyframe says it is: with its setup as codec private data, and with its picture
   * size. The track itself where the frame carries no whole setup, or says the same.
   *
   * @param keyframe as Matroska keeps it, NAL units with 4-byte lengths for H.264 and H.265;
   *     borrowed and left as it was
   * @throws MediaException if the frame or its setup cannot be read
   */
  public static Track apply(Track track, ByteBuffer keyframe) throws MediaException {
    return switch (Codec.of(track)) {
      case H264 -> withSetup(track, h264(keyframe));
      case H265 -> withSetup(track, h265(keyframe));
      case AV1 -> {
        Av1Config config = Av1Config.find(keyframe);
        yield config == null ? track : withSetup(track, Optional.of(config.build()));
      }
      case VP8 -> {
        Vp8Keyframe frame = Vp8Keyframe.parse(keyframe);
        yield withSize(track, frame.width(), frame.height());
      }
      case VP9 -> {
        Vp9Keyframe frame = Vp9Keyframe.parse(keyframe);
        CodecPrivateData setup = Vp9Config.of(frame).build();
        yield withSize(
            setup.equals(track.codecPrivate()) ? track : track.withCodecPrivate(setup),
            frame.width(),
            frame.height());
      }
      case AAC, OPUS, G711_ALAW, G711_ULAW, OTHER -> track;
    };
  }

  private static Track withSetup(Track track, Optional<CodecPrivateData> found)
      throws MediaException {
    if (found.isEmpty() || found.get().equals(track.codecPrivate())) {
      return track;
    }
    return withPicture(track.withCodecPrivate(found.get()));
  }

  /**
   * The track with the picture size that its setup declares; the track itself where it declares
   * none.
   */
  public static Track withPicture(Track track) throws MediaException {
    if (track.codecPrivate().isEmpty()) {
      return track;
    }
    return switch (Codec.of(track)) {
      case H264, H265, AV1 -> {
        CodecStrings.Picture picture = CodecStrings.picture(track);
        yield withSize(track, picture.width(), picture.height());
      }
      default -> track;
    };
  }

  private static Track withSize(Track track, int width, int height) {
    Optional<VideoFormat> size = Optional.of(new VideoFormat(width, height));
    if (size.equals(track.video())) {
      return track;
    }
    return new Track(
        track.number(),
        track.uid(),
        track.type(),
        track.name(),
        track.codecId(),
        track.codecPrivate(),
        track.defaultDurationNanos(),
        size,
        track.audio());
  }

  /** Whether a picture track lacks what a decoder must know before its first frame. */
  public static boolean isMissing(Track track) {
    return switch (Codec.of(track)) {
      case H264, H265, VP9, AV1 -> track.codecPrivate().isEmpty();
      case VP8 -> track.video().isEmpty();
      default -> false;
    };
  }

  private static Optional<CodecPrivateData> h264(ByteBuffer frame) throws MediaException {
    List<ByteBuffer> units = NalUnits.splitLengthPrefixed(frame, NalUnits.LENGTH_BYTES);
    List<ByteBuffer> sps = ofType(units, H264Nal::type, H264Nal.SPS);
    List<ByteBuffer> pps = ofType(units, H264Nal::type, H264Nal.PPS);
    return sps.isEmpty() || pps.isEmpty()
        ? Optional.empty()
        : Optional.of(AvcConfig.of(sps, pps).build());
  }

  private static Optional<CodecPrivateData> h265(ByteBuffer frame) throws MediaException {
    List<ByteBuffer> units = NalUnits.splitLengthPrefixed(frame, NalUnits.LENGTH_BYTES);
    List<ByteBuffer> vps = ofType(units, H265Nal::type, H265Nal.VPS);
    List<ByteBuffer> sps = ofType(units, H265Nal::type, H265Nal.SPS);
    List<ByteBuffer> pps = ofType(units, H265Nal::type, H265Nal.PPS);
    return vps.isEmpty() || sps.isEmpty() || pps.isEmpty()
        ? Optional.empty()
        : Optional.of(HevcConfig.of(vps, sps, pps).build());
  }

  /** Distinct units of one type, in order. */
  static List<ByteBuffer> ofType(
      List<ByteBuffer> units, ToIntFunction<ByteBuffer> type, int wanted) {
    return units.stream().filter(unit -> type.applyAsInt(unit) == wanted).distinct().toList();
  }
}
