package io.millrace.media.mp4;

import io.millrace.media.aac.AacConfig;
import io.millrace.media.codec.Codec;
import io.millrace.media.codec.CodecStrings;
import io.millrace.media.opus.OpusConfig;
import io.millrace.media.track.MediaException;
import io.millrace.media.track.Track;
import io.millrace.media.track.Track.VideoFormat;
import io.millrace.media.track.UnsupportedMedia;
import io.millrace.media.vp9.Vp9Config;
import java.nio.ByteBuffer;

/** Writes {@code ftyp} and {@code moov} of a fragmented MP4 with one track. */
public final class InitSegment {
  /** Track id in every segment we write. */
  static final int TRACK_ID = 1;

  private static final int MOVIE_TIMESCALE = 1000;
  private static final int FIXED_ONE = 0x10000;
  private static final int UNDETERMINED_LANGUAGE = 0x55c4;

  private InitSegment() {}

  /**
   * The init segment of a track.
   *
   * @param track H.264, H.265, VP9, AV1, AAC or Opus with valid setup bytes (see {@link
   *     io.millrace.media.codec.CodecSetup})
   * @throws MediaException if the setup bytes cannot be read or the codec is another
   */
  public static ByteBuffer of(Track track) throws MediaException {
    Codec codec = Codec.of(track);
    if (!codec.playable()) {
      throw new UnsupportedMedia("%s does not go into MP4".formatted(track.codecId()), 0, "");
    }
    boolean video = codec.isVideo();
    VideoFormat size = video ? CodecStrings.pictureSize(track) : new VideoFormat(0, 0);
    BoxWriter out = new BoxWriter(1024);
    out.open("ftyp").text("iso6").int32(0).text("iso6").text("cmfc").text("mp41").close();
    out.open("moov");
    out.openFull("mvhd", 0, 0).zeros(8).int32(MOVIE_TIMESCALE).int32(0);
    out.int32(FIXED_ONE).int16(0x100).zeros(10);
    matrix(out);
    out.zeros(24).int32(TRACK_ID + 1).close();
    out.open("trak");
    out.openFull("tkhd", 0, 3).zeros(8).int32(TRACK_ID).zeros(4 + 4 + 8 + 2 + 2);
    out.int16(video ? 0 : 0x100).int16(0);
    matrix(out);
    out.int32(size.width() << 16).int32(size.height() << 16).close();
    out.open("mdia");
    out.openFull("mdhd", 0, 0).zeros(8).int32(Timescale.of(track).ticksPerSecond()).int32(0);
    out.int16(UNDETERMINED_LANGUAGE).int16(0).close();
    out.openFull("hdlr", 0, 0).int32(0).text(video ? "vide" : "soun").zeros(12 + 1).close();
    out.open("minf");
    if (video) {
      out.openFull("vmhd", 0, 1).zeros(8).close();
    } else {
      out.openFull("smhd", 0, 0).zeros(4).close();
    }
    out.open("dinf").openFull("dref", 0, 0).int32(1).openFull("url ", 0, 1).close();
    out.close().close();
    out.open("stbl").openFull("stsd", 0, 0).int32(1);
    if (video) {
      videoEntry(out, track, codec, size);
    } else if (codec == Codec.OPUS) {
      opusEntry(out, track);
    } else {
      aacEntry(out, track);
    }
    out.close();
    out.openFull("stts", 0, 0).int32(0).close();
    out.openFull("stsc", 0, 0).int32(0).close();
    out.openFull("stsz", 0, 0).int32(0).int32(0).close();
    out.openFull("stco", 0, 0).int32(0).close();
    out.close().close().close().close();
    out.open("mvex").openFull("trex", 0, 0).int32(TRACK_ID).int32(1).zeros(12).close().close();
    out.close();
    return out.finish();
  }

  private static void matrix(BoxWriter out) {
    out.int32(FIXED_ONE).zeros(12).int32(FIXED_ONE).zeros(12).int32(0x40000000);
  }

  private static void videoEntry(BoxWriter out, Track track, Codec codec, VideoFormat size)
      throws MediaException {
    String entry =
        switch (codec) {
          case H264 -> "avc1";
          case H265 -> "hvc1";
          case VP9 -> "vp09";
          default -> "av01";
        };
    out.open(entry).zeros(6).int16(1).zeros(16);
    out.int16(size.width()).int16(size.height());
    int dotsPerInch = 72 << 16;
    out.int32(dotsPerInch).int32(dotsPerInch).int32(0).int16(1).zeros(32).int16(24).int16(-1);
    switch (codec) {
      case H264 -> out.open("avcC").raw(track.codecPrivate().view());
      case H265 -> out.open("hvcC").raw(track.codecPrivate().view());
      case VP9 ->
          out.openFull("vpcC", 1, 0).raw(Vp9Config.parse(track.codecPrivate().view()).vpcc());
      default -> out.open("av1C").raw(track.codecPrivate().view());
    }
    out.close();
    out.close();
  }

  private static void aacEntry(BoxWriter out, Track track) throws MediaException {
    AacConfig config = AacConfig.parse(track.codecPrivate().view());
    int channels = config.channels() > 0 ? config.channels() : 2;
    out.open("mp4a").zeros(6).int16(1).zeros(8).int16(channels).int16(16).zeros(4);
    // The field has 16 bits before the point; a higher rate stands in the setup bytes alone.
    out.int32(config.outputSamplingHz() < FIXED_ONE ? config.outputSamplingHz() << 16 : 0);
    int setup = track.codecPrivate().size();
    out.openFull("esds", 0, 0);
    descriptor(out, 3, 3 + 5 + 13 + 5 + setup + 5 + 1).int16(TRACK_ID).int8(0);
    descriptor(out, 4, 13 + 5 + setup).int8(0x40).int8(0x15).zeros(3 + 4 + 4);
    descriptor(out, 5, setup).raw(track.codecPrivate().view());
    descriptor(out, 6, 1).int8(2);
    out.close().close();
  }

  /** Encapsulation of Opus in ISO Base Media File Format, section 4.3. */
  private static void opusEntry(BoxWriter out, Track track) throws MediaException {
    OpusConfig config = OpusConfig.parse(track.codecPrivate().view());
    out.open("Opus").zeros(6).int16(1).zeros(8).int16(config.channels()).int16(16).zeros(4);
    out.int32(OpusConfig.SAMPLING_HZ << 16);
    out.open("dOps").int8(0).int8(config.channels()).int16(config.preSkipSamples());
    out.int32((int) config.inputHz()).int16(config.outputGain()).raw(config.mapping().duplicate());
    out.close().close();
  }

  /** Tag and size of an MPEG-4 descriptor, the size in four bytes of seven bits. */
  private static BoxWriter descriptor(BoxWriter out, int tag, int size) {
    return out.int8(tag)
        .int8(0x80 | size >> 21)
        .int8(0x80 | size >> 14)
        .int8(0x80 | size >> 7)
        .int8(size & 0x7f);
  }
}
