package io.millrace.media.codec;

import io.millrace.media.bits.NalUnits;
import io.millrace.media.h264.AvcConfig;
import io.millrace.media.h264.H264Nal;
import io.millrace.media.h265.H265Nal;
import io.millrace.media.h265.HevcConfig;
import io.millrace.media.track.CodecPrivateData;
import io.millrace.media.track.MediaException;
import io.millrace.media.track.Track;
import io.millrace.media.track.Track.VideoFormat;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;

/** Decoder setup that travels in the frames of a track, as cameras send it before keyframes. */
public final class InBandSetup {
  private InBandSetup() {}

  /**
   * The track as a keyframe says it is: with its parameter sets as codec private data, and with
   * their picture size. The track itself where the frame carries no whole setup, or says the same.
   *
   * @param keyframe NAL units with 4-byte lengths for H.264 and H.265; borrowed and left as it was
   * @throws MediaException if the frame or its parameter sets cannot be read
   */
  public static Track apply(Track track, ByteBuffer keyframe) throws MediaException {
    Optional<CodecPrivateData> found =
        switch (Codec.of(track)) {
          case H264 -> h264(keyframe);
          case H265 -> h265(keyframe);
          default -> Optional.empty();
        };
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
    Codec codec = Codec.of(track);
    if (track.codecPrivate().isEmpty() || (codec != Codec.H264 && codec != Codec.H265)) {
      return track;
    }
    CodecStrings.Picture picture = CodecStrings.picture(track);
    return new Track(
        track.number(),
        track.uid(),
        track.type(),
        track.name(),
        track.codecId(),
        track.codecPrivate(),
        track.defaultDurationNanos(),
        Optional.of(new VideoFormat(picture.width(), picture.height())),
        track.audio());
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
