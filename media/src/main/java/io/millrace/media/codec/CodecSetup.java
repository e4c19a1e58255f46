package io.millrace.media.codec;

import io.millrace.media.aac.AacConfig;
import io.millrace.media.aac.AdtsHeader;
import io.millrace.media.av1.Av1Config;
import io.millrace.media.bits.NalUnits;
import io.millrace.media.h264.AvcConfig;
import io.millrace.media.h264.H264Nal;
import io.millrace.media.h265.H265Nal;
import io.millrace.media.h265.HevcConfig;
import io.millrace.media.opus.OpusConfig;
import io.millrace.media.track.CodecPrivateData;
import io.millrace.media.track.MalformedMedia;
import io.millrace.media.track.MediaException;
import io.millrace.media.track.Track;
import io.millrace.media.track.Track.AudioFormat;
import io.millrace.media.vp9.Vp9Config;
import io.millrace.media.vp9.Vp9Keyframe;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.ToIntFunction;

/**
 * Decoder setup that a player can use, found or repaired.
 *
 * @param codecPrivate avcC, hvcC, av1C, features of VP9, AudioSpecificConfig or OpusHead; the
 *     track's own bytes where nothing needed repair or the codec is not ours or needs none
 * @param framing how the frames are packed
 * @param repaired whether {@code codecPrivate} differs from what the track had
 */
public record CodecSetup(CodecPrivateData codecPrivate, Framing framing, boolean repaired) {
  /** What cannot be repaired, in words for the producer's owner. */
  public static final class Unrepairable extends Exception {
    private static final long serialVersionUID = 1;

    private Unrepairable(String reason) {
      super(reason);
    }
  }

  /**
   * Finds the setup of a track.
   *
   * @param track as declared
   * @param firstFrame its first frame of a fragment, a keyframe for video; borrowed and left as it
   *     was
   * @throws Unrepairable if a player could not be set up from these two
   */
  public static CodecSetup find(Track track, ByteBuffer firstFrame) throws Unrepairable {
    try {
      return switch (Codec.of(track)) {
        case H264 -> h264(track, firstFrame);
        case H265 -> h265(track, firstFrame);
        case VP9 -> vp9(track, firstFrame);
        case AV1 -> av1(track, firstFrame);
        case AAC -> aac(track, firstFrame);
        case OPUS -> opus(track);
        case VP8, G711_ALAW, G711_ULAW, OTHER ->
            new CodecSetup(track.codecPrivate(), Framing.NATIVE, false);
      };
    } catch (MediaException e) {
      throw new Unrepairable(
          "codec private data of track %d (%s) is missing or invalid: %s"
              .formatted(track.number(), track.codecId(), e.getMessage()));
    }
  }

  private static CodecSetup h264(Track track, ByteBuffer frame) throws MediaException {
    ByteBuffer setup = track.codecPrivate().view();
    Framing framing = NalUnits.isAnnexB(frame) ? Framing.ANNEX_B : Framing.NATIVE;
    MediaException unreadable = null;
    if (setup.hasRemaining() && !NalUnits.startsWithStartCode(setup)) {
      try {
        AvcConfig config = AvcConfig.parse(setup);
        // Reading the sets and building them anew is what a player will need of them.
        CodecPrivateData fourBytes = AvcConfig.of(config.sps(), config.pps()).build();
        boolean rebuild =
            framing == Framing.ANNEX_B && config.lengthBytes() != NalUnits.LENGTH_BYTES;
        return new CodecSetup(rebuild ? fourBytes : track.codecPrivate(), framing, rebuild);
      } catch (MediaException e) {
        unreadable = e;
      }
    }
    List<ByteBuffer> units = units(setup, frame, framing, H264Nal::type, CodecSetup::isH264Set);
    List<ByteBuffer> sps = InBandSetup.ofType(units, H264Nal::type, H264Nal.SPS);
    if (sps.isEmpty() && unreadable != null) {
      throw unreadable;
    }
    AvcConfig config = AvcConfig.of(sps, InBandSetup.ofType(units, H264Nal::type, H264Nal.PPS));
    return new CodecSetup(config.build(), framing, true);
  }

  private static CodecSetup h265(Track track, ByteBuffer frame) throws MediaException {
    ByteBuffer setup = track.codecPrivate().view();
    Framing framing = NalUnits.isAnnexB(frame) ? Framing.ANNEX_B : Framing.NATIVE;
    MediaException unreadable = null;
    if (setup.hasRemaining() && !NalUnits.startsWithStartCode(setup)) {
      try {
        HevcConfig config = HevcConfig.parse(setup);
        // Some muxers write hvcC without sets when the sets travel in the frames.
        CodecPrivateData fourBytes =
            HevcConfig.of(config.vps(), config.sps(), config.pps()).build();
        boolean rebuild =
            framing == Framing.ANNEX_B && config.lengthBytes() != NalUnits.LENGTH_BYTES;
        return new CodecSetup(rebuild ? fourBytes : track.codecPrivate(), framing, rebuild);
      } catch (MediaException e) {
        unreadable = e;
      }
    }
    List<ByteBuffer> units = units(setup, frame, framing, H265Nal::type, CodecSetup::isH265Set);
    List<ByteBuffer> sps = InBandSetup.ofType(units, H265Nal::type, H265Nal.SPS);
    if (sps.isEmpty() && unreadable != null) {
      throw unreadable;
    }
    HevcConfig config =
        HevcConfig.of(
            InBandSetup.ofType(units, H265Nal::type, H265Nal.VPS),
            sps,
            InBandSetup.ofType(units, H265Nal::type, H265Nal.PPS));
    return new CodecSetup(config.build(), framing, true);
  }

  private static CodecSetup vp9(Track track, ByteBuffer frame) throws MediaException {
    if (!track.codecPrivate().isEmpty()) {
      try {
        Vp9Config.parse(track.codecPrivate().view());
        return new CodecSetup(track.codecPrivate(), Framing.NATIVE, false);
      } catch (MalformedMedia e) {
        // Muxers write some of the features or none; the frame has them all.
      }
    }
    Vp9Config config = Vp9Config.of(Vp9Keyframe.parse(frame));
    return new CodecSetup(config.build(), Framing.NATIVE, true);
  }

  private static CodecSetup av1(Track track, ByteBuffer frame) throws MediaException {
    MalformedMedia unreadable = new MalformedMedia("no sequence header", 0, "");
    if (!track.codecPrivate().isEmpty()) {
      try {
        Av1Config.parse(track.codecPrivate().view());
        return new CodecSetup(track.codecPrivate(), Framing.NATIVE, false);
      } catch (MalformedMedia e) {
        // av1C may leave the sequence header to the frames.
        unreadable = e;
      }
    }
    Av1Config config = Av1Config.find(frame);
    if (config == null) {
      throw unreadable;
    }
    return new CodecSetup(config.build(), Framing.NATIVE, true);
  }

  private static boolean isH264Set(int type) {
    return type == H264Nal.SPS || type == H264Nal.PPS;
  }

  private static boolean isH265Set(int type) {
    return type == H265Nal.VPS || type == H265Nal.SPS || type == H265Nal.PPS;
  }

  /** Parameter sets of the setup bytes or, where they have none, of the frame. */
  private static List<ByteBuffer> units(
      ByteBuffer setup,
      ByteBuffer frame,
      Framing framing,
      ToIntFunction<ByteBuffer> type,
      IntPredicate wanted)
      throws MediaException {
    List<ByteBuffer> found = new ArrayList<>();
    if (NalUnits.startsWithStartCode(setup)) {
      found.addAll(NalUnits.splitAnnexB(setup));
    }
    found.removeIf(unit -> !wanted.test(type.applyAsInt(unit)));
    if (found.isEmpty()) {
      found.addAll(
          framing == Framing.ANNEX_B
              ? NalUnits.splitAnnexB(frame)
              : NalUnits.splitLengthPrefixed(frame, NalUnits.LENGTH_BYTES));
      found.removeIf(unit -> !wanted.test(type.applyAsInt(unit)));
    }
    return found;
  }

  private static CodecSetup opus(Track track) throws MediaException {
    if (track.codecPrivate().isEmpty()) {
      int channels = track.audio().map(AudioFormat::channels).orElse(2);
      return new CodecSetup(OpusConfig.build(channels), Framing.NATIVE, true);
    }
    OpusConfig.parse(track.codecPrivate().view());
    return new CodecSetup(track.codecPrivate(), Framing.NATIVE, false);
  }

  private static CodecSetup aac(Track track, ByteBuffer frame) throws MediaException {
    AdtsHeader header = AdtsHeader.find(frame).orElse(null);
    Framing framing = header == null ? Framing.NATIVE : Framing.ADTS;
    if (!track.codecPrivate().isEmpty()) {
      AacConfig.parse(track.codecPrivate().view());
      return new CodecSetup(track.codecPrivate(), framing, false);
    }
    if (header != null) {
      AacConfig.parse(header.config().view());
      return new CodecSetup(header.config(), framing, true);
    }
    AudioFormat audio =
        track
            .audio()
            .orElseThrow(() -> new MalformedMedia("the track declares no sound format", 0, ""));
    return new CodecSetup(
        AacConfig.buildLowComplexity((int) audio.samplingHz(), audio.channels()), framing, true);
  }
}
