package io.millrace.media.mkv;

import io.millrace.media.ebml.EbmlSchema;
import io.millrace.media.ebml.ElementType;
import java.util.Locale;

/** What Matroska says of the elements we read; everything else is stepped over. */
final class MatroskaSchema implements EbmlSchema {
  static final MatroskaSchema INSTANCE = new MatroskaSchema();

  private MatroskaSchema() {}

  @Override
  public ElementType type(int parentId, int id) {
    return switch (parentId) {
      case MatroskaId.CLUSTER -> inCluster(id);
      case MatroskaId.BLOCK_GROUP ->
          switch (id) {
            case MatroskaId.BLOCK -> ElementType.STREAM;
            case MatroskaId.BLOCK_DURATION, MatroskaId.REFERENCE_BLOCK -> ElementType.INTEGER;
            default -> ElementType.SKIP;
          };
      case ROOT ->
          id == MatroskaId.EBML || id == MatroskaId.SEGMENT ? ElementType.MASTER : ElementType.SKIP;
      case MatroskaId.EBML -> inEbml(id);
      case MatroskaId.SEGMENT ->
          switch (id) {
            case MatroskaId.INFO, MatroskaId.TRACKS, MatroskaId.CLUSTER, MatroskaId.TAGS ->
                ElementType.MASTER;
            default -> ElementType.SKIP;
          };
      case MatroskaId.INFO -> inInfo(id);
      case MatroskaId.TRACKS ->
          id == MatroskaId.TRACK_ENTRY ? ElementType.MASTER : ElementType.SKIP;
      case MatroskaId.TRACK_ENTRY -> inTrackEntry(id);
      case MatroskaId.VIDEO ->
          id == MatroskaId.PIXEL_WIDTH || id == MatroskaId.PIXEL_HEIGHT
              ? ElementType.INTEGER
              : ElementType.SKIP;
      case MatroskaId.AUDIO ->
          switch (id) {
            case MatroskaId.SAMPLING_FREQUENCY -> ElementType.FLOAT;
            case MatroskaId.CHANNELS, MatroskaId.BIT_DEPTH -> ElementType.INTEGER;
            default -> ElementType.SKIP;
          };
      case MatroskaId.TAGS -> id == MatroskaId.TAG ? ElementType.MASTER : ElementType.SKIP;
      case MatroskaId.TAG -> id == MatroskaId.SIMPLE_TAG ? ElementType.MASTER : ElementType.SKIP;
      case MatroskaId.SIMPLE_TAG ->
          id == MatroskaId.TAG_NAME || id == MatroskaId.TAG_STRING
              ? ElementType.TEXT
              : ElementType.SKIP;
      default -> ElementType.SKIP;
    };
  }

  private static ElementType inCluster(int id) {
    return switch (id) {
      case MatroskaId.SIMPLE_BLOCK -> ElementType.STREAM;
      case MatroskaId.TIMECODE -> ElementType.INTEGER;
      case MatroskaId.BLOCK_GROUP -> ElementType.MASTER;
      default -> ElementType.SKIP;
    };
  }

  private static ElementType inEbml(int id) {
    return switch (id) {
      case MatroskaId.DOC_TYPE -> ElementType.TEXT;
      case MatroskaId.EBML_READ_VERSION,
          MatroskaId.EBML_MAX_ID_LENGTH,
          MatroskaId.EBML_MAX_SIZE_LENGTH ->
          ElementType.INTEGER;
      default -> ElementType.SKIP;
    };
  }

  private static ElementType inInfo(int id) {
    return switch (id) {
      case MatroskaId.TIMECODE_SCALE -> ElementType.INTEGER;
      case MatroskaId.DURATION -> ElementType.FLOAT;
      default -> ElementType.SKIP;
    };
  }

  private static ElementType inTrackEntry(int id) {
    return switch (id) {
      case MatroskaId.TRACK_NUMBER,
          MatroskaId.TRACK_UID,
          MatroskaId.TRACK_TYPE,
          MatroskaId.DEFAULT_DURATION ->
          ElementType.INTEGER;
      case MatroskaId.NAME, MatroskaId.CODEC_ID -> ElementType.TEXT;
      case MatroskaId.CODEC_PRIVATE -> ElementType.BINARY;
      case MatroskaId.VIDEO, MatroskaId.AUDIO, MatroskaId.CONTENT_ENCODINGS -> ElementType.MASTER;
      default -> ElementType.SKIP;
    };
  }

  @Override
  public boolean allowedAtRoot(int id) {
    return switch (id) {
      case MatroskaId.EBML, MatroskaId.SEGMENT, MatroskaId.VOID, MatroskaId.CRC_32 -> true;
      default -> false;
    };
  }

  @Override
  public boolean mayBeUnknownSize(int id) {
    return id == MatroskaId.SEGMENT || id == MatroskaId.CLUSTER;
  }

  @Override
  public boolean endsUnknownSize(int openId, int id) {
    return switch (id) {
      case MatroskaId.EBML, MatroskaId.SEGMENT -> true;
      case MatroskaId.INFO,
          MatroskaId.TRACKS,
          MatroskaId.CLUSTER,
          MatroskaId.TAGS,
          MatroskaId.SEEK_HEAD,
          MatroskaId.CUES,
          MatroskaId.CHAPTERS,
          MatroskaId.ATTACHMENTS ->
          openId == MatroskaId.CLUSTER;
      default -> false;
    };
  }

  @Override
  public boolean mayEndEarly(int id) {
    // A recording that was cut, or a fragment stored with the header part of a whole file.
    return id == MatroskaId.SEGMENT;
  }

  @Override
  public String name(int id) {
    return switch (id) {
      case MatroskaId.EBML -> "EBML";
      case MatroskaId.DOC_TYPE -> "DocType";
      case MatroskaId.EBML_READ_VERSION -> "EBMLReadVersion";
      case MatroskaId.EBML_MAX_ID_LENGTH -> "EBMLMaxIDLength";
      case MatroskaId.EBML_MAX_SIZE_LENGTH -> "EBMLMaxSizeLength";
      case MatroskaId.VOID -> "Void";
      case MatroskaId.CRC_32 -> "CRC-32";
      case MatroskaId.SEGMENT -> "Segment";
      case MatroskaId.SEEK_HEAD -> "SeekHead";
      case MatroskaId.CUES -> "Cues";
      case MatroskaId.CHAPTERS -> "Chapters";
      case MatroskaId.ATTACHMENTS -> "Attachments";
      case MatroskaId.INFO -> "Info";
      case MatroskaId.TIMECODE_SCALE -> "TimecodeScale";
      case MatroskaId.DURATION -> "Duration";
      case MatroskaId.TAGS -> "Tags";
      case MatroskaId.TAG -> "Tag";
      case MatroskaId.SIMPLE_TAG -> "SimpleTag";
      case MatroskaId.TAG_NAME -> "TagName";
      case MatroskaId.TAG_STRING -> "TagString";
      case MatroskaId.CLUSTER -> "Cluster";
      case MatroskaId.TIMECODE -> "Timecode";
      case MatroskaId.SIMPLE_BLOCK -> "SimpleBlock";
      case MatroskaId.BLOCK_GROUP -> "BlockGroup";
      case MatroskaId.BLOCK -> "Block";
      case MatroskaId.BLOCK_DURATION -> "BlockDuration";
      case MatroskaId.REFERENCE_BLOCK -> "ReferenceBlock";
      default -> trackElementName(id);
    };
  }

  private static String trackElementName(int id) {
    return switch (id) {
      case MatroskaId.TRACKS -> "Tracks";
      case MatroskaId.TRACK_ENTRY -> "TrackEntry";
      case MatroskaId.TRACK_NUMBER -> "TrackNumber";
      case MatroskaId.TRACK_UID -> "TrackUID";
      case MatroskaId.TRACK_TYPE -> "TrackType";
      case MatroskaId.NAME -> "Name";
      case MatroskaId.CODEC_ID -> "CodecID";
      case MatroskaId.CODEC_PRIVATE -> "CodecPrivate";
      case MatroskaId.DEFAULT_DURATION -> "DefaultDuration";
      case MatroskaId.CONTENT_ENCODINGS -> "ContentEncodings";
      case MatroskaId.VIDEO -> "Video";
      case MatroskaId.PIXEL_WIDTH -> "PixelWidth";
      case MatroskaId.PIXEL_HEIGHT -> "PixelHeight";
      case MatroskaId.AUDIO -> "Audio";
      case MatroskaId.SAMPLING_FREQUENCY -> "SamplingFrequency";
      case MatroskaId.CHANNELS -> "Channels";
      case MatroskaId.BIT_DEPTH -> "BitDepth";
      default -> "0x" + Integer.toHexString(id).toUpperCase(Locale.ROOT);
    };
  }
}
