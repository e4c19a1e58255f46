package io.millrace.media.mkv;

import io.millrace.media.ebml.EbmlEvents;
import io.millrace.media.ebml.EbmlReader;
import io.millrace.media.track.MalformedMedia;
import io.millrace.media.track.MediaException;
import io.millrace.media.track.Track;
import io.millrace.media.track.UnsupportedMedia;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gives Matroska meaning to EBML structure; the receiver behind {@link MkvDemuxer}. */
final class DemuxEvents implements EbmlEvents, Refusal {
  private static final long DEFAULT_TIMECODE_SCALE = 1_000_000;

  /** Leaves room to add the durations of one block without overflow. */
  private static final long MAX_TIME_NANOS = Long.MAX_VALUE - (1L << 60);

  private static final long MAX_STEP_NANOS = (1L << 60) / 512;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final MkvSettings settings;
  private final MkvListener listener;
  private final BlockReader block;
  private final FrameEvent frame = new FrameEvent();
  private @Nullable EbmlReader reader;

  private String docType = "";
  private long timecodeScale = DEFAULT_TIMECODE_SCALE;
  private double durationTicks;
  private final List<Track> tracks = new ArrayList<>();
  private TrackBuilder track = new TrackBuilder();
  private boolean headerTold;

  private final List<SimpleTag> tags = new ArrayList<>();
  private String tagName = "";
  private String tagValue = "";

  private long clusterOffset;
  private boolean clusterTold;
  private long clusterTimecode;

  private long elementOffset;
  private boolean inGroup;
  private boolean groupHasBlock;
  private boolean groupReferences;
  private long groupDurationTicks;

  /** Wraps the bytes the block reader keeps; replaced when that array grows. */
  private ByteBuffer keptView = NOTHING;

  private byte[] keptArray = new byte[0];

  DemuxEvents(MkvSettings settings, MkvListener listener) {
    this.settings = settings;
    this.listener = listener;
    block = new BlockReader(settings.deliveredBytes(), settings.maxLacedBytes());
  }

  void attach(EbmlReader reader) {
    this.reader = reader;
  }

  @Override
  public void masterStart(int id, long offset, long dataOffset) throws MediaException {
    switch (id) {
      case MatroskaId.EBML -> {
        forgetDocument();
        listener.documentStart(offset);
      }
      case MatroskaId.TRACK_ENTRY -> {
        if (tracks.size() == settings.maxTracks()) {
          throw unsupported("more than " + settings.maxTracks() + " tracks");
        }
        track = new TrackBuilder();
      }
      case MatroskaId.VIDEO, MatroskaId.AUDIO, MatroskaId.CONTENT_ENCODINGS -> track.master(id);
      case MatroskaId.TAGS -> {
        tags.clear();
        listener.tagsStart(offset);
      }
      case MatroskaId.SIMPLE_TAG -> {
        tagName = "";
        tagValue = "";
      }
      case MatroskaId.CLUSTER -> {
        if (!headerTold) {
          headerTold = true;
          listener.header(header(), offset);
        }
        clusterOffset = offset;
        clusterTold = false;
      }
      case MatroskaId.BLOCK_GROUP -> {
        elementOffset = offset;
        groupHasBlock = false;
        groupReferences = false;
        groupDurationTicks = 0;
      }
      default -> {}
    }
  }

  private void forgetDocument() {
    docType = "";
    timecodeScale = DEFAULT_TIMECODE_SCALE;
    durationTicks = 0;
    tracks.clear();
    headerTold = false;
  }

  private MkvHeader header() {
    double nanos = durationTicks * timecodeScale;
    return new MkvHeader(docType, timecodeScale, nanos > 0 ? (long) nanos : 0, tracks);
  }

  @Override
  public void masterEnd(int id, long endOffset) throws MediaException {
    switch (id) {
      case MatroskaId.TRACK_ENTRY -> endTrack();
      case MatroskaId.SIMPLE_TAG -> {
        if (tags.size() == settings.maxTags()) {
          throw unsupported("more than " + settings.maxTags() + " tags");
        }
        tags.add(new SimpleTag(tagName, tagValue));
      }
      case MatroskaId.TAGS -> {
        boolean endOfFragment = false;
        for (SimpleTag tag : tags) {
          endOfFragment |= tag.name().equals(SimpleTag.END_OF_FRAGMENT);
        }
        listener.tagsEnd(endOffset, List.copyOf(tags), endOfFragment);
      }
      case MatroskaId.BLOCK_GROUP -> endGroup();
      case MatroskaId.CLUSTER -> {
        if (clusterTold) {
          clusterTold = false;
          listener.clusterEnd(endOffset);
        }
      }
      case MatroskaId.SEGMENT -> listener.segmentEnd(endOffset);
      default -> {}
    }
  }

  private void endTrack() throws MediaException {
    if (track.number() < 1 || track.number() > Integer.MAX_VALUE) {
      throw malformed("track number " + Long.toUnsignedString(track.number()));
    }
    tracks.add(track.build());
  }

  @Override
  public void integer(int id, long value, long offset) throws MediaException {
    switch (id) {
      case MatroskaId.TIMECODE -> startCluster(value);
      case MatroskaId.BLOCK_DURATION -> groupDurationTicks = Math.max(0, value);
      case MatroskaId.REFERENCE_BLOCK -> groupReferences = true;
      case MatroskaId.TIMECODE_SCALE -> {
        if (value < 1 || value > 1_000_000_000_000L) {
          throw malformed("TimecodeScale of " + Long.toUnsignedString(value));
        }
        timecodeScale = value;
      }
      case MatroskaId.EBML_READ_VERSION -> {
        if (value > 1) {
          throw unsupported("EBML version " + Long.toUnsignedString(value));
        }
      }
      case MatroskaId.EBML_MAX_ID_LENGTH, MatroskaId.EBML_MAX_SIZE_LENGTH -> {
        if (value < 0 || value > (id == MatroskaId.EBML_MAX_ID_LENGTH ? 4 : 8)) {
          throw unsupported("element IDs or sizes of %d bytes".formatted(value));
        }
      }
      default -> track.integer(id, value);
    }
  }

  private void startCluster(long timecode) throws MediaException {
    if (clusterTold) {
      throw malformed("a second Timecode in one Cluster");
    }
    if (timecode < 0) {
      throw malformed("Timecode of " + Long.toUnsignedString(timecode));
    }
    clusterTimecode = timecode;
    long nanos = nanos(timecode);
    clusterTold = true;
    listener.clusterStart(clusterOffset, timecode, nanos);
  }

  private long nanos(long ticks) throws MediaException {
    long nanos = ticks * timecodeScale;
    if (Math.multiplyHigh(ticks, timecodeScale) != nanos >> 63 || nanos > MAX_TIME_NANOS) {
      throw malformed(
          "a time of %d ticks of %d ns is too far in the future".formatted(ticks, timecodeScale));
    }
    return nanos;
  }

  @Override
  public void real(int id, double value, long offset) {
    if (id == MatroskaId.DURATION) {
      durationTicks = value;
    } else {
      track.real(value);
    }
  }

  @Override
  public void text(int id, String value, long offset) throws MediaException {
    switch (id) {
      case MatroskaId.DOC_TYPE -> {
        if (!value.equals("matroska") && !value.equals("webm")) {
          throw unsupported("document type '" + value + "' is not Matroska");
        }
        docType = value;
      }
      case MatroskaId.TAG_NAME -> tagName = value;
      case MatroskaId.TAG_STRING -> tagValue = value;
      default -> track.text(id, value);
    }
  }

  @Override
  public void binary(int id, byte[] value, long offset) {
    track.codecPrivate(value);
  }

  @Override
  public void streamStart(int id, long offset, long dataOffset, long sizeBytes)
      throws MediaException {
    if (!clusterTold) {
      throw malformed("a block before the Timecode of its Cluster");
    }
    inGroup = id == MatroskaId.BLOCK;
    if (!inGroup) {
      elementOffset = offset;
    } else if (groupHasBlock) {
      throw malformed("a second Block in one BlockGroup");
    }
    block.start(dataOffset, sizeBytes);
  }

  @Override
  public void streamPart(ByteBuffer buffer, int from, int length) throws MediaException {
    block.part(buffer, from, length, this);
  }

  @Override
  public void streamEnd(long endOffset) throws MediaException {
    block.end(this);
    if (inGroup) {
      groupHasBlock = true;
    } else {
      tellFrames(block.keyFlag, 0);
    }
  }

  private void endGroup() throws MediaException {
    if (groupHasBlock) {
      tellFrames(!groupReferences, nanos(groupDurationTicks));
    }
  }

  private void tellFrames(boolean keyframe, long blockDurationNanos) throws MediaException {
    // A timecode plus 16 bits may pass 63 bits only where the timecode alone is out of range.
    long first = nanos(clusterTimecode + block.relativeTicks);
    long each = blockDurationNanos / block.frames;
    long step = each;
    if (block.frames > 1 && each == 0) {
      step = defaultDurationNanos(block.trackNumber);
      each = step;
    }
    if (block.frames > 1 && step > MAX_STEP_NANOS) {
      throw malformed("laced frames of %d ns each".formatted(step));
    }
    view();
    int at = block.framesStart;
    for (int i = 0; i < block.frames; i++) {
      int size = block.frameSizes[i];
      frame.trackNumber = block.trackNumber;
      frame.ptsNanos = first + i * step;
      frame.durationNanos = each;
      frame.keyframe = keyframe;
      frame.elementOffset = elementOffset;
      frame.dataOffset = block.dataOffset() + at;
      frame.sizeBytes = size;
      int delivered = Math.min(settings.deliveredBytes(), Math.min(size, block.keptBytes() - at));
      keptView.limit(at + delivered).position(at);
      listener.frame(frame);
      at += size;
    }
  }

  private void view() {
    if (keptArray != block.kept()) {
      keptArray = block.kept();
      keptView = ByteBuffer.wrap(keptArray);
      frame.data = keptView;
    }
  }

  private long defaultDurationNanos(int trackNumber) {
    for (int i = 0; i < tracks.size(); i++) {
      if (tracks.get(i).number() == trackNumber) {
        return tracks.get(i).defaultDurationNanos();
      }
    }
    return 0;
  }

  @Override
  public MalformedMedia malformed(String what) {
    return current().malformed(what);
  }

  @Override
  public UnsupportedMedia unsupported(String what) {
    return current().unsupported(what);
  }

  private EbmlReader current() {
    if (reader == null) {
      throw new IllegalStateException("not attached to a reader");
    }
    return reader;
  }
}
