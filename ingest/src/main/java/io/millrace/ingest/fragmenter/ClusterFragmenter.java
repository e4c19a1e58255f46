package io.millrace.ingest.fragmenter;

import io.millrace.media.mkv.CaptureTraits;
import io.millrace.media.mkv.FragmentTraits;
import io.millrace.media.mkv.FrameEvent;
import io.millrace.media.mkv.MkvDemuxer;
import io.millrace.media.mkv.MkvHeader;
import io.millrace.media.mkv.MkvListener;
import io.millrace.media.mkv.MkvMuxer;
import io.millrace.media.mkv.MkvSettings;
import io.millrace.media.mkv.SimpleTag;
import io.millrace.media.track.MediaException;
import io.millrace.media.track.Track.TrackType;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the Matroska body of a producer into fragments: each Cluster becomes one, stored as the
 * header part of its document, its tags and the Cluster itself, all verbatim except that the
 * Segment's size is unknown.
 *
 * <p>A fragment is complete at an end-of-fragment tag, at the end of a sized Cluster, at the next
 * Cluster, at a new document and at the end of the body. Tags that follow a Cluster are held until
 * the next element says whose they are.
 *
 * <p>Every byte is copied once, straight from the socket's buffer into the fragment; the demuxer
 * reads it there. Not thread-safe; never blocks.
 */
public final class ClusterFragmenter {
  private static final int FIRST_CAPACITY = 64 << 10;
  private static final int PEEKED_BYTES = 4;
  private static final byte[] NOTHING = {};

  private enum State {
    /** Before the first Cluster of a document, or after a fragment was handed on. */
    BETWEEN,
    /** Inside a Cluster. */
    IN_CLUSTER,
    /** A Cluster of unknown size ended; tags that follow may still belong to it. */
    ENDED
  }

  private final FragmenterSettings settings;
  private final FragmentListener listener;
  private final MkvDemuxer demuxer;
  private final HeldTags heldTags;

  private State state = State.BETWEEN;
  private ByteRun run = new ByteRun(FIRST_CAPACITY, 0, 0);

  private long documentOffset = -1;
  private boolean segmentEnded;
  private byte[] headerPart = NOTHING;
  private @Nullable MkvHeader header;
  private FrameTally tally = new FrameTally(new MkvHeader("", 1, 0, List.of()));
  private int formatId;

  /** Where the Tags directly before the first Cluster begin that belong to its fragment, or -1. */
  private long headerPartEnd = -1;

  private long tagsOffset;
  private long tagsEnd = -1;
  private long clusterOffset;
  private long clusterEnd;

  /** End of the last frame the Cluster has begun, and how much of it the listener knows. */
  private long frameEnd;

  private long toldOffset;
  private long timecode;
  private long timecodeNanos;
  private boolean tagged;
  private boolean firstOfSession = true;
  private int lastFragmentBytes = 4 * FIRST_CAPACITY;
  private long lastTimecodeNanos = Long.MIN_VALUE;
  private long lastFrameNanos = Long.MIN_VALUE;

  public ClusterFragmenter(FragmenterSettings settings, FragmentListener listener) {
    this.settings = settings;
    this.listener = listener;
    heldTags = new HeldTags(settings);
    demuxer = new MkvDemuxer(MkvSettings.LIVE.withDeliveredBytes(PEEKED_BYTES), new Events());
  }

  /**
   * Takes the next bytes of the body.
   *
   * @throws FragmentRefused if they cannot become fragments; the fragmenter is then finished
   */
  public void feed(int length, Piece piece) {
    int at = run.extend(length);
    byte[] target = run.array();
    piece.copyTo(target, at);
    try {
      demuxer.feed(ByteBuffer.wrap(target, at, length));
    } catch (MediaException e) {
      throw invalid(e);
    }
    checkSize();
    if (state == State.IN_CLUSTER) {
      tellGrowth(Math.min(frameEnd, run.endOffset()));
    }
  }

  /** What lies behind the last frame may already be the next element, so that is the end. */
  private void tellGrowth(long endOffset) {
    if (endOffset > toldOffset) {
      toldOffset = endOffset;
      listener.fragmentGrew(run.array(), run.prefixBytes(), run.index(endOffset));
    }
  }

  /** The same for the bytes from position to limit; the buffer is borrowed. */
  public void feed(ByteBuffer bytes) {
    int length = bytes.remaining();
    feed(length, (target, at) -> bytes.get(target, at, length));
  }

  /**
   * The body is complete, and so is an open fragment.
   *
   * @throws FragmentRefused if it stops inside an element
   */
  public void end() {
    try {
      demuxer.end();
    } catch (MediaException e) {
      throw invalid(e);
    }
    finish();
  }

  /** Nothing came for a while: hands on a fragment that only waits for tags. */
  public void quiet() {
    if (state == State.ENDED && run.endOffset() == demuxer.offset()) {
      finish();
    }
  }

  /** Whether a fragment is open. */
  public boolean isOpen() {
    return state != State.BETWEEN;
  }

  /** Bytes held for what is not handed on yet. */
  public int heldBytes() {
    return run.bodyBytes();
  }

  private static FragmentRefused invalid(MediaException e) {
    String message = e.getMessage();
    return new FragmentRefused(
        IngestError.INVALID_MKV_DATA, message == null ? "invalid Matroska" : message);
  }

  private void checkSize() {
    switch (state) {
      case IN_CLUSTER -> checkClusterSize(run.bodyBytes());
      case BETWEEN -> {
        if (run.bodyBytes() > settings.maxPreludeBytes()) {
          throw new FragmentRefused(
              IngestError.INVALID_MKV_DATA,
              "no Cluster in %d bytes, the limit is %d"
                  .formatted(run.bodyBytes(), settings.maxPreludeBytes()));
        }
      }
      case ENDED -> {
        if (run.endOffset() - clusterEnd > settings.maxPreludeBytes()) {
          finish();
        }
      }
    }
  }

  private void checkClusterSize(long bytes) {
    if (bytes > settings.maxFragmentBytes()) {
      throw new FragmentRefused(
          IngestError.MAX_FRAGMENT_SIZE_REACHED,
          "a Cluster of more than " + settings.maxFragmentBytes() + " bytes");
    }
  }

  /**
   * Hands the ended fragment on; what was read after it stays.
   *
   * @param lateTags Tags elements that came after the Cluster and belong to it
   * @param explicitEnd whether the producer said that it ends here
   */
  private void finish(byte[] lateTags, boolean explicitEnd) {
    MkvHeader declared = header;
    if (state != State.ENDED || declared == null) {
      return;
    }
    int missing = tally.missingTrack();
    if (settings.everyTrack() && missing >= 0) {
      throw new FragmentRefused(
          IngestError.FRAMES_MISSING_FOR_TRACK, "no frame of track " + missing);
    }
    FragmentTraits traits =
        new FragmentTraits(
            tally.startsWithKeyframe(),
            tally.has(TrackType.VIDEO),
            tally.has(TrackType.AUDIO),
            firstOfSession,
            explicitEnd,
            tally.annexB(),
            tagged || lateTags.length > 0,
            tally.firstPictureMillis(timecodeNanos),
            CaptureTraits.PRODUCER);
    ByteBuffer payload = run.payload(clusterEnd, lateTags);
    Fragment fragment =
        new Fragment(
            declared,
            timecode,
            timecodeNanos,
            tally.endNanos(timecodeNanos) - timecodeNanos,
            tally.frames(),
            formatId,
            traits,
            payload);
    lastTimecodeNanos = timecodeNanos;
    lastFrameNanos = Math.max(lastFrameNanos, tally.lastPts(timecodeNanos));
    lastFragmentBytes = payload.remaining();
    firstOfSession = false;
    run = run.tail(clusterEnd, FIRST_CAPACITY);
    state = State.BETWEEN;
    listener.fragmentCompleted(fragment);
  }

  private void finish() {
    finish(NOTHING, false);
  }

  /** The demuxer's events; bytes up to the end of the piece being read are already in the run. */
  private final class Events implements MkvListener {
    @Override
    public void documentStart(long offset) {
      finish();
      if (documentOffset >= 0 && !settings.manyDocuments()) {
        throw new FragmentRefused(
            IngestError.INVALID_MKV_DATA, "a second EBML header at byte " + offset);
      }
      documentOffset = offset;
      segmentEnded = false;
      header = null;
      forgetHeldTags();
      tagsEnd = -1;
      firstOfSession = true;
      lastTimecodeNanos = Long.MIN_VALUE;
      lastFrameNanos = Long.MIN_VALUE;
      run = run.tail(offset, FIRST_CAPACITY);
    }

    @Override
    public void tagsStart(long offset) {
      tagsOffset = offset;
    }

    @Override
    public void tagsEnd(long endOffset, List<SimpleTag> tags, boolean endOfFragment) {
      byte[] element = run.copy(tagsOffset, endOffset);
      if (header == null) {
        tagsBeforeFirstCluster(element, tags);
        tagsEnd = endOffset;
        return;
      }
      heldTags.add(element, tags);
      if (endOfFragment && state == State.ENDED) {
        finish(heldTags.take(), true);
      }
    }

    /**
     * Producers put a fragment's tags right before its Cluster, without Targets. Tags with Targets,
     * or before another element of the header, describe the whole document and stay in its header.
     */
    private void tagsBeforeFirstCluster(byte[] element, List<SimpleTag> tags) {
      if (DocumentTags.haveTargets(element)) {
        forgetHeldTags();
        return;
      }
      if (headerPartEnd < 0 || tagsOffset != tagsEnd) {
        forgetHeldTags();
        headerPartEnd = tagsOffset;
      }
      heldTags.add(element, tags);
    }

    private void forgetHeldTags() {
      heldTags.take();
      headerPartEnd = -1;
    }

    @Override
    public void segmentEnd(long endOffset) {
      segmentEnded = true;
    }

    @Override
    public void header(MkvHeader read, long endOffset) {
      if (documentOffset < 0) {
        throw new FragmentRefused(
            IngestError.INVALID_MKV_DATA, "the body does not begin with an EBML header");
      }
      if (read.tracks().isEmpty()) {
        throw new FragmentRefused(IngestError.INVALID_MKV_DATA, "a Cluster before any track");
      }
      if (read.tracks().size() > settings.maxTracks()) {
        throw new FragmentRefused(
            IngestError.MORE_THAN_ALLOWED_TRACKS_FOUND,
            "%d tracks, the limit is %d".formatted(read.tracks().size(), settings.maxTracks()));
      }
      if (tagsEnd != endOffset) {
        forgetHeldTags();
      }
      long end = headerPartEnd < 0 ? endOffset : headerPartEnd;
      ByteBuffer part =
          MkvMuxer.withUnknownSegmentSize(ByteBuffer.wrap(run.copy(documentOffset, end)));
      headerPart = new byte[part.remaining()];
      part.get(headerPart);
      header = read;
      tally = new FrameTally(read);
      formatId = FragmentTraits.formatId(read.tracks());
      listener.headerRead(read);
    }

    @Override
    public void clusterStart(long offset, long ticks, long nanos) {
      finish();
      if (segmentEnded) {
        throw new FragmentRefused(
            IngestError.INVALID_MKV_DATA, "a second Segment before byte " + offset);
      }
      clusterOffset = offset;
      frameEnd = offset;
      toldOffset = offset;
      timecode = ticks;
      timecodeNanos = nanos;
      tally.reset();
      byte[] tags = heldTags.take();
      tagged = tags.length > 0;
      int expected = headerPart.length + tags.length + lastFragmentBytes / 8 * 9 + FIRST_CAPACITY;
      run = run.tail(offset, expected, headerPart, tags);
      state = State.IN_CLUSTER;
      listener.fragmentBegan(ticks, nanos);
      checkOrder();
    }

    private void checkOrder() {
      if (lastFrameNanos == Long.MIN_VALUE) {
        return;
      }
      long earliest = lastFrameNanos - settings.orderTolerance().toNanos();
      if (timecodeNanos < lastTimecodeNanos || timecodeNanos < earliest) {
        throw new FragmentRefused(
            IngestError.FRAGMENT_TIMECODE_LESSER_THAN_PREVIOUS,
            "a Cluster at %d ms after one at %d ms whose last frame is at %d ms"
                .formatted(
                    timecodeNanos / 1_000_000,
                    lastTimecodeNanos / 1_000_000,
                    lastFrameNanos / 1_000_000));
      }
    }

    @Override
    public void frame(FrameEvent frame) {
      tally.add(frame);
      frameEnd = frame.dataOffset() + frame.sizeBytes();
      if (frame.ptsNanos() - timecodeNanos > settings.maxFragmentDuration().toNanos()) {
        throw new FragmentRefused(
            IngestError.MAX_FRAGMENT_DURATION_REACHED,
            "a frame %d ms after its Cluster's timecode"
                .formatted((frame.ptsNanos() - timecodeNanos) / 1_000_000));
      }
    }

    @Override
    public void clusterEnd(long endOffset) {
      clusterEnd = endOffset;
      checkClusterSize(endOffset - clusterOffset);
      state = State.ENDED;
      tellGrowth(endOffset);
      if (demuxer.offset() == endOffset) {
        // A sized Cluster: nothing that follows can change it.
        finish();
      }
    }
  }
}
