package io.millrace.media.mp4;

import io.millrace.media.codec.Codec;
import io.millrace.media.track.CodecPrivateData;
import io.millrace.media.track.MediaException;
import io.millrace.media.track.Track;
import io.millrace.media.track.Track.AudioFormat;
import io.millrace.media.track.Track.TrackType;
import io.millrace.media.track.Track.VideoFormat;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns the first sample entry of {@code stsd} into a track of Matroska terms. */
final class SampleEntryReader {
  private static final int VIDEO_FIELDS = 70;
  private static final int MPEG4_AUDIO = 0x40;
  private static final int MPEG2_AAC_MAIN = 0x66;
  private static final int MPEG2_AAC_SSR = 0x68;

  private SampleEntryReader() {}

  /**
   * The track.
   *
   * @param number its number among the tracks of the file, from 1
   * @param uid track_ID
   * @param handler handler type of the track, such as {@code vide}
   */
  static Track read(BoxReader stsd, int number, long uid, String handler) throws MediaException {
    stsd.skip(8);
    BoxReader entry = stsd.next();
    if (entry == null) {
      throw stsd.malformed("track has no sample entry");
    }
    entry.skip(8);
    if (handler.equals("vide")) {
      return video(entry, number, uid);
    }
    if (handler.equals("soun")) {
      return audio(entry, number, uid);
    }
    return other(entry, number, uid);
  }

  private static Track other(BoxReader entry, int number, long uid) {
    return new Track(
        number,
        uid,
        TrackType.OTHER,
        "",
        "mp4/" + entry.type(),
        CodecPrivateData.EMPTY,
        0,
        Optional.empty(),
        Optional.empty());
  }

  private static Track video(BoxReader entry, int number, long uid) throws MediaException {
    String codec =
        switch (entry.type()) {
          case "avc1", "avc3" -> Codec.H264_ID;
          case "hvc1", "hev1" -> Codec.H265_ID;
          default -> "";
        };
    if (codec.isEmpty()) {
      return other(entry, number, uid);
    }
    entry.skip(16);
    VideoFormat format = new VideoFormat(entry.int16(), entry.int16());
    entry.skip(VIDEO_FIELDS - 16 - 4);
    BoxReader setup = entry.find(codec.equals(Codec.H264_ID) ? "avcC" : "hvcC");
    return new Track(
        number,
        uid,
        TrackType.VIDEO,
        "",
        codec,
        setup == null ? CodecPrivateData.EMPTY : CodecPrivateData.copyOf(setup.bytes(setup.left())),
        0,
        Optional.of(format),
        Optional.empty());
  }

  private static Track audio(BoxReader entry, int number, long uid) throws MediaException {
    if (!entry.type().equals("mp4a")) {
      return other(entry, number, uid);
    }
    int version = entry.int16();
    entry.skip(6);
    int channels = entry.int16();
    int bits = entry.int16();
    entry.skip(4);
    double rate = entry.unsigned32() / 65536.0;
    // QuickTime sound descriptions of version 1 and 2 are longer.
    entry.skip(version == 1 ? 16 : version == 2 ? 36 : 0);
    CodecPrivateData setup = null;
    for (BoxReader box = entry.next(); box != null && setup == null; box = entry.next()) {
      if (box.type().equals("esds")) {
        setup = decoderSpecific(box);
      } else if (box.type().equals("wave")) {
        BoxReader inner = box.find("esds");
        setup = inner == null ? null : decoderSpecific(inner);
      }
    }
    if (setup == null) {
      return other(entry, number, uid);
    }
    return new Track(
        number,
        uid,
        TrackType.AUDIO,
        "",
        Codec.AAC_ID,
        setup,
        0,
        Optional.empty(),
        Optional.of(new AudioFormat(rate, channels, bits)));
  }

  /** AudioSpecificConfig of the descriptors (ISO 14496-1 section 7.2.6); null if it is not AAC. */
  private static @Nullable CodecPrivateData decoderSpecific(BoxReader esds) throws MediaException {
    esds.skip(4);
    if (esds.int8() != 3) {
      return null;
    }
    descriptorSize(esds);
    esds.skip(2);
    int flags = esds.int8();
    esds.skip((flags & 0x80) != 0 ? 2 : 0);
    esds.skip((flags & 0x40) != 0 ? esds.int8() : 0);
    esds.skip((flags & 0x20) != 0 ? 2 : 0);
    if (esds.int8() != 4) {
      return null;
    }
    descriptorSize(esds);
    int type = esds.int8();
    if (type != MPEG4_AUDIO && (type < MPEG2_AAC_MAIN || type > MPEG2_AAC_SSR)) {
      return null;
    }
    esds.skip(12);
    if (esds.left() == 0 || esds.int8() != 5) {
      return CodecPrivateData.EMPTY;
    }
    ByteBuffer config = esds.bytes(descriptorSize(esds));
    return CodecPrivateData.copyOf(config);
  }

  private static int descriptorSize(BoxReader in) throws MediaException {
    int size = 0;
    for (int i = 0; i < 4; i++) {
      int part = in.int8();
      size = size << 7 | (part & 0x7f);
      if (part < 0x80) {
        break;
      }
    }
    return size;
  }
}
