package io.millrace.ingest.source.worker;

import io.millrace.media.aac.AdtsHeader;
import io.millrace.media.bits.NalUnits;
import io.millrace.media.codec.Codec;
import io.millrace.media.h264.AvcConfig;
import io.millrace.media.h265.HevcConfig;
import io.millrace.media.track.CodecPrivateData;
import io.millrace.media.track.MediaException;
import io.millrace.media.track.Track;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Brings a track's setup and frames from the form of their container into that of Matroska: NAL
 * units with lengths of 4 bytes instead of start codes or other lengths, AAC without ADTS. The
 * coded bytes stay as they are. Not thread-safe.
 */
final class FrameShaper {
  private final int lengthBytes;
  private Track track;

  private FrameShaper(Track track, int lengthBytes) {
    this.track = track;
    this.lengthBytes = lengthBytes;
  }

  /**
   * Begins with what the container says.
   *
   * @param declared with the container's own setup bytes
   * @throws MediaException if those cannot be read
   */
  static FrameShaper of(Track declared) throws MediaException {
    ByteBuffer setup = declared.codecPrivate().view();
    Codec codec = Codec.of(declared);
    if ((codec != Codec.H264 && codec != Codec.H265) || !setup.hasRemaining()) {
      return new FrameShaper(declared, NalUnits.LENGTH_BYTES);
    }
    if (NalUnits.startsWithStartCode(setup)) {
      // The same sets stand before each keyframe, where the feed finds them.
      return new FrameShaper(
          declared.withCodecPrivate(CodecPrivateData.EMPTY), NalUnits.LENGTH_BYTES);
    }
    if (codec == Codec.H264) {
      AvcConfig config = AvcConfig.parse(setup);
      AvcConfig shaped =
          new AvcConfig(
              config.profileIdc(),
              config.constraintFlags(),
              config.levelIdc(),
              NalUnits.LENGTH_BYTES,
              config.sps(),
              config.pps());
      return config.lengthBytes() == NalUnits.LENGTH_BYTES
          ? new FrameShaper(declared, NalUnits.LENGTH_BYTES)
          : new FrameShaper(declared.withCodecPrivate(shaped.build()), config.lengthBytes());
    }
    HevcConfig config = HevcConfig.parse(setup);
    HevcConfig shaped =
        new HevcConfig(
            config.profile(), NalUnits.LENGTH_BYTES, config.vps(), config.sps(), config.pps());
    return config.lengthBytes() == NalUnits.LENGTH_BYTES
        ? new FrameShaper(declared, NalUnits.LENGTH_BYTES)
        : new FrameShaper(declared.withCodecPrivate(shaped.build()), config.lengthBytes());
  }

  /** The track as Matroska keeps it. */
  Track track() {
    return track;
  }

  /** Whether the track can be declared; AAC with headers needs its first frame for that. */
  boolean isKnown() {
    return Codec.of(track) != Codec.AAC || !track.codecPrivate().isEmpty();
  }

  /**
   * The frame as Matroska keeps it; its own buffer or a new one.
   *
   * @return null if it is empty
   * @throws MediaException if it cannot be read
   */
  @Nullable ByteBuffer shape(ByteBuffer frame) throws MediaException {
    if (!frame.hasRemaining()) {
      return null;
    }
    return switch (Codec.of(track)) {
      case H264, H265 -> {
        if (NalUnits.isAnnexB(frame)) {
          ByteBuffer joined = NalUnits.joinLengthPrefixed(NalUnits.splitAnnexB(frame));
          yield joined.hasRemaining() ? joined : null;
        }
        yield lengthBytes == NalUnits.LENGTH_BYTES
            ? frame
            : NalUnits.joinLengthPrefixed(NalUnits.splitLengthPrefixed(frame, lengthBytes));
      }
      case AAC -> aac(frame);
      default -> frame;
    };
  }

  private ByteBuffer aac(ByteBuffer frame) {
    AdtsHeader header = AdtsHeader.find(frame).orElse(null);
    if (header == null) {
      return frame;
    }
    if (track.codecPrivate().isEmpty()) {
      track = track.withCodecPrivate(header.config());
    }
    return frame.slice(
        frame.position() + header.headerBytes(), frame.remaining() - header.headerBytes());
  }
}
