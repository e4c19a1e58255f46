package io.millrace.media.mkv;

import io.millrace.media.ebml.EbmlWriter;
import io.millrace.media.track.Track;
import io.millrace.media.track.Track.TrackType;
import java.nio.ByteBuffer;
import java.util.List;

/** Writes the header part and the tags of Matroska documents; {@link ClusterWriter} the rest. */
public final class MkvMuxer {
  /** Width of the size fields of elements that a reader of a live reply meets first. */
  private static final int SIZE_BYTES = 4;

  private static final int TYPE_OTHER = 0x21;

  private MkvMuxer() {}

  /**
   * A header part: EBML header, Segment of unknown size, Info, Tracks. A Cluster may follow.
   *
   * @param tracks at least one, with distinct numbers
   * @param timecodeScaleNanos nanoseconds per tick of the clusters to follow
   * @param application name written as muxing and writing application
   */
  public static ByteBuffer header(List<Track> tracks, long timecodeScaleNanos, String application) {
    EbmlWriter out = new EbmlWriter(1024);
    out.open(MatroskaId.EBML, 1)
        .integer(MatroskaId.EBML_VERSION, 1)
        .integer(MatroskaId.EBML_READ_VERSION, 1)
        .integer(MatroskaId.EBML_MAX_ID_LENGTH, 4)
        .integer(MatroskaId.EBML_MAX_SIZE_LENGTH, 8)
        .text(MatroskaId.DOC_TYPE, "matroska")
        .integer(MatroskaId.DOC_TYPE_VERSION, 2)
        .integer(MatroskaId.DOC_TYPE_READ_VERSION, 2)
        .close();
    out.unknownSize(MatroskaId.SEGMENT, 1);
    out.open(MatroskaId.INFO, SIZE_BYTES)
        .integer(MatroskaId.TIMECODE_SCALE, timecodeScaleNanos)
        .text(MatroskaId.MUXING_APP, application)
        .text(MatroskaId.WRITING_APP, application)
        .close();
    out.open(MatroskaId.TRACKS, SIZE_BYTES);
    for (Track track : tracks) {
      entry(out, track);
    }
    out.close();
    return out.finish();
  }

  private static void entry(EbmlWriter out, Track track) {
    out.open(MatroskaId.TRACK_ENTRY, SIZE_BYTES)
        .integer(MatroskaId.TRACK_NUMBER, track.number())
        .integer(MatroskaId.TRACK_UID, track.uid() == 0 ? track.number() : track.uid())
        .integer(
            MatroskaId.TRACK_TYPE,
            track.type() == TrackType.VIDEO ? 1 : track.type() == TrackType.AUDIO ? 2 : TYPE_OTHER)
        .integer(MatroskaId.FLAG_LACING, 0);
    if (!track.name().isEmpty()) {
      out.text(MatroskaId.NAME, track.name());
    }
    out.text(MatroskaId.CODEC_ID, track.codecId());
    if (track.defaultDurationNanos() > 0) {
      out.integer(MatroskaId.DEFAULT_DURATION, track.defaultDurationNanos());
    }
    track
        .video()
        .ifPresent(
            video ->
                out.open(MatroskaId.VIDEO, SIZE_BYTES)
                    .integer(MatroskaId.PIXEL_WIDTH, video.width())
                    .integer(MatroskaId.PIXEL_HEIGHT, video.height())
                    .close());
    track
        .audio()
        .ifPresent(
            audio -> {
              out.open(MatroskaId.AUDIO, SIZE_BYTES)
                  .real(MatroskaId.SAMPLING_FREQUENCY, audio.samplingHz())
                  .integer(MatroskaId.CHANNELS, audio.channels());
              if (audio.bitDepth() > 0) {
                out.integer(MatroskaId.BIT_DEPTH, audio.bitDepth());
              }
              out.close();
            });
    if (!track.codecPrivate().isEmpty()) {
      out.binary(MatroskaId.CODEC_PRIVATE, track.codecPrivate().view());
    }
    out.close();
  }

  /**
   * A Tags element with one Tag, sizes 4 bytes wide and no Targets, as GetMedia inserts them.
   *
   * @param tags at least one
   */
  public static ByteBuffer tags(List<SimpleTag> tags) {
    EbmlWriter out = new EbmlWriter(256);
    out.open(MatroskaId.TAGS, SIZE_BYTES).open(MatroskaId.TAG, SIZE_BYTES);
    for (SimpleTag tag : tags) {
      out.open(MatroskaId.SIMPLE_TAG, SIZE_BYTES)
          .text(MatroskaId.TAG_NAME, tag.name(), SIZE_BYTES)
          .text(MatroskaId.TAG_STRING, tag.value(), SIZE_BYTES)
          .close();
    }
    return out.close().close().finish();
  }

  /**
   * A copy of a header part in which the Segment has an unknown size, so that it stays true when
   * only some of the file's clusters follow. The buffer is borrowed and left as it was; a header
   * part that already says so is copied unchanged.
   *
   * @param headerPart starts with the EBML header
   * @throws IllegalArgumentException if no Segment follows the EBML header
   */
  public static ByteBuffer withUnknownSegmentSize(ByteBuffer headerPart) {
    return SegmentSize.makeUnknown(headerPart);
  }
}
