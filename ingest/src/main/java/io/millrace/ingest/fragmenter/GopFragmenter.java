package io.millrace.ingest.fragmenter;

import io.millrace.media.mkv.ClusterWriter;
import io.millrace.media.mkv.FragmentTraits;
import io.millrace.media.mkv.MkvHeader;
import io.millrace.media.mkv.MkvMuxer;
import io.millrace.media.track.Frame;
import io.millrace.media.track.Track;
import io.millrace.media.track.Track.TrackType;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gathers frames of any source into fragments that begin at a keyframe of the first video track,
 * and writes them as Matroska. Frames come in decode order with their tracks interleaved. Not
 * thread-safe; never blocks.
 */
public final class GopFragmenter {
  private static final long SCALE_NANOS = 1_000_000;

  private final GopSettings settings;
  private final FragmentListener listener;
  private final MkvHeader header;
  private final byte[] headerPart;
  private final FrameTally tally;
  private final int formatId;
  private final int leadingTrack;
  private @Nullable ClusterWriter cluster;
  private boolean firstOfSession = true;
  private int lastClusterBytes = 256 << 10;

  /**
   * @param tracks at least one, with distinct numbers
   * @param application name written into the fragments
   */
  public GopFragmenter(
      GopSettings settings, List<Track> tracks, String application, FragmentListener listener) {
    this.settings = settings;
    this.listener = listener;
    header = new MkvHeader("matroska", SCALE_NANOS, 0, tracks);
    ByteBuffer part = MkvMuxer.header(tracks, SCALE_NANOS, application);
    headerPart = new byte[part.remaining()];
    part.get(headerPart);
    tally = new FrameTally(header);
    formatId = FragmentTraits.formatId(tracks);
    leadingTrack =
        tracks.stream()
            .filter(track -> track.type() == TrackType.VIDEO)
            .mapToInt(Track::number)
            .findFirst()
            .orElse(-1);
  }

  /**
   * Takes the next frame; its data is borrowed.
   *
   * @param frame its time is absolute, epoch ns
   * @throws FragmentRefused TRACK_NUMBER_MISMATCH, INVALID_PRODUCER_TIMESTAMP before 1970,
   *     MAX_FRAGMENT_SIZE_REACHED for one frame above the limit
   */
  public void add(Frame frame) {
    if (frame.data().remaining() > settings.maxFragmentBytes()) {
      throw new FragmentRefused(
          IngestError.MAX_FRAGMENT_SIZE_REACHED,
          "a frame of %d bytes".formatted(frame.data().remaining()));
    }
    ClusterWriter open = cluster;
    if (open != null && endsBefore(open, frame)) {
      finish(open);
      open = null;
    }
    if (open == null) {
      open = begin(frame);
    }
    tally.add(
        frame.trackNumber(),
        frame.ptsNanos(),
        frame.durationNanos(),
        frame.keyframe(),
        frame.data());
    open.add(frame);
  }

  private boolean endsBefore(ClusterWriter open, Frame frame) {
    long elapsed = frame.ptsNanos() - open.timecodeNanos();
    boolean leads = frame.trackNumber() == leadingTrack && frame.keyframe();
    return (leads && elapsed >= settings.minFragmentDuration().toNanos())
        || (leadingTrack < 0 && elapsed >= settings.soundFragmentDuration().toNanos())
        || elapsed > settings.maxFragmentDuration().toNanos()
        || !open.takes(frame.ptsNanos())
        || (long) open.size() + frame.data().remaining() > settings.maxFragmentBytes();
  }

  private ClusterWriter begin(Frame frame) {
    if (frame.ptsNanos() < 0) {
      throw new FragmentRefused(
          IngestError.INVALID_PRODUCER_TIMESTAMP, "a frame before the year 1970");
    }
    ClusterWriter begun =
        new ClusterWriter(frame.ptsNanos(), SCALE_NANOS, lastClusterBytes / 8 * 9);
    cluster = begun;
    tally.reset();
    listener.fragmentBegan(begun.timecodeNanos() / SCALE_NANOS, begun.timecodeNanos());
    return begun;
  }

  /** The source has ended, and so has an open fragment. */
  public void end() {
    ClusterWriter open = cluster;
    if (open != null) {
      finish(open);
    }
  }

  private void finish(ClusterWriter open) {
    cluster = null;
    ByteBuffer bytes = open.finish();
    lastClusterBytes = bytes.remaining();
    ByteBuffer payload = ByteBuffer.allocate(headerPart.length + bytes.remaining());
    payload.put(headerPart).put(bytes).flip();
    long timecodeNanos = open.timecodeNanos();
    FragmentTraits traits =
        new FragmentTraits(
            tally.startsWithKeyframe(),
            tally.has(TrackType.VIDEO),
            tally.has(TrackType.AUDIO),
            firstOfSession,
            false,
            tally.annexB(),
            false,
            tally.firstPictureMillis(timecodeNanos));
    firstOfSession = false;
    listener.fragmentCompleted(
        new Fragment(
            header,
            timecodeNanos / SCALE_NANOS,
            timecodeNanos,
            tally.endNanos(timecodeNanos) - timecodeNanos,
            tally.frames(),
            formatId,
            traits,
            payload));
  }
}
