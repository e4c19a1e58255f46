package io.millrace.media.codec;

import io.millrace.media.aac.AacConfig;
import io.millrace.media.av1.Av1Config;
import io.millrace.media.av1.SequenceHeader;
import io.millrace.media.h264.AvcConfig;
import io.millrace.media.h264.H264Sps;
import io.millrace.media.h265.H265Sps;
import io.millrace.media.h265.HevcConfig;
import io.millrace.media.track.MediaException;
import io.millrace.media.track.Track;
import io.millrace.media.track.Track.VideoFormat;
import io.millrace.media.track.UnsupportedMedia;
import io.millrace.media.vp9.Vp9Config;

/** What playlists and manifests say of a track; the track must have valid setup bytes. */
public final class CodecStrings {
  /**
   * What decoder setup or container say of the picture.
   *
   * @param width pixels
   * @param height pixels
   * @param frameRate frames per second, 0 where it says nothing
   * @param bitDepth bits per luma sample
   */
  public record Picture(int width, int height, double frameRate, int bitDepth) {}

  private CodecStrings() {}

  /**
   * RFC 6381 codec string: {@code avc1.64001f}, {@code hvc1.1.6.L93.B0}, {@code vp09.00.31.08},
   * {@code av01.0.05M.08}, {@code mp4a.40.2}, {@code opus}.
   *
   * @throws MediaException if the setup bytes cannot be read or the codec has no such name
   */
  public static String of(Track track) throws MediaException {
    return switch (Codec.of(track)) {
      case H264 -> AvcConfig.parse(track.codecPrivate().view()).codecString();
      case H265 -> HevcConfig.parse(track.codecPrivate().view()).codecString();
      case VP9 -> Vp9Config.parse(track.codecPrivate().view()).codecString();
      case AV1 -> Av1Config.parse(track.codecPrivate().view()).codecString();
      case AAC -> AacConfig.parse(track.codecPrivate().view()).codecString();
      case OPUS -> "opus";
      case VP8, G711_ALAW, G711_ULAW, OTHER ->
          throw new UnsupportedMedia("no codec string for " + track.codecId(), 0, "");
    };
  }

  /**
   * Picture size and rate of a video track: from its first SPS or its sequence header; for VP9,
   * whose setup says neither, the size that the container declares.
   *
   * @throws MediaException if the setup bytes cannot be read, have no such thing, or the codec is
   *     another
   */
  public static Picture picture(Track track) throws MediaException {
    return switch (Codec.of(track)) {
      case H264 -> {
        H264Sps sps = AvcConfig.parse(track.codecPrivate().view()).firstSps();
        yield new Picture(sps.width(), sps.height(), sps.frameRate(), sps.bitDepthLuma());
      }
      case H265 -> {
        H265Sps sps = HevcConfig.parse(track.codecPrivate().view()).firstSps();
        yield new Picture(sps.width(), sps.height(), sps.frameRate(), sps.bitDepthLuma());
      }
      case VP9 -> {
        int depth = Vp9Config.parse(track.codecPrivate().view()).bitDepth();
        VideoFormat size =
            track
                .video()
                .orElseThrow(() -> new UnsupportedMedia("VP9 without a picture size", 0, ""));
        yield new Picture(size.width(), size.height(), 0, depth);
      }
      case AV1 -> {
        SequenceHeader header = Av1Config.parse(track.codecPrivate().view()).sequence();
        yield new Picture(header.width(), header.height(), header.frameRate(), header.bitDepth());
      }
      case VP8, AAC, OPUS, G711_ALAW, G711_ULAW, OTHER ->
          throw new UnsupportedMedia("no picture in " + track.codecId(), 0, "");
    };
  }

  /** The declared picture size, or the one of the parameter sets where the container has none. */
  public static VideoFormat pictureSize(Track track) throws MediaException {
    if (track.video().isPresent() && track.video().get().width() > 0) {
      return track.video().get();
    }
    Picture picture = picture(track);
    return new VideoFormat(picture.width(), picture.height());
  }
}
