package io.millrace.ingest.fragmenter;

import io.millrace.media.mkv.CaptureTraits;
import io.millrace.media.mkv.ClusterWriter;
import io.millrace.media.mkv.FragmentTraits;
import io.millrace.media.mkv.MkvHeader;
import io.millrace.media.mkv.MkvMuxer;
import io.millrace.media.track.ClockSource;
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
  private final String application;
  private final FragmentListener listener;
  private Format format;
  private @Nullable ClusterWriter cluster;
  private boolean firstOfSession = true;
  private int lastFragmentBytes = 256 << 10;

  /** Of the frames to come, which may begin a fragment. */
  private ClockSource nextClock = ClockSource.PRODUCER;

  private int nextErrorClass;

  /** What the open fragment says of its capture. */
  private ClockSource clock = ClockSource.PRODUCER;

  private int errorClass;
  private boolean clockJumped;
  private boolean lossy;

  /** Whether the open fragment ends at a limit, and whether the one before did. */
  private boolean cutAtLimit;

  private boolean goesOn;

  /** What follows from the tracks. */
  private record Format(
      MkvHeader header, ByteBuffer headerPart, FrameTally tally, int id, int leadingTrack) {
    static Format of(List<Track> tracks, String application) {
      MkvHeader header = new MkvHeader("matroska", SCALE_NANOS, 0, tracks);
      int leading =
          tracks.stream()
              .filter(track -> track.type() == TrackType.VIDEO)
              .mapToInt(Track::number)
              .findFirst()
              .orElse(-1);
      return new Format(
          header,
          MkvMuxer.header(tracks, SCALE_NANOS, application),
          new FrameTally(header),
          FragmentTraits.formatId(tracks),
          leading);
    }
  }

  /**
   * @param tracks at least one, with distinct numbers
   * @param application name written into the fragments
   */
  public GopFragmenter(
      GopSettings settings, List<Track> tracks, String application, FragmentListener listener) {
    this.settings = settings;
    this.application = application;
    this.listener = listener;
    format = Format.of(tracks, application);
  }

  /** Ends an open fragment; those that follow have other tracks, or the same with other setup. */
  public void tracks(List<Track> tracks) {
    end();
    format = Format.of(tracks, application);
  }

  /** Whose clock the times of the frames to come are from; the worst of a fragment is kept. */
  public void clock(ClockSource source, long errorNanos) {
    nextErrorClass = CaptureTraits.errorClass(errorNanos);
    nextClock = source;
  }

  /** Ends an open fragment: the clock was set to another time before the next frame. */
  public void clockJumped() {
    end();
    clockJumped = true;
  }

  /** Frames are missing before the next one, which goes into the open fragment if there is one. */
  public void lossy() {
    lossy = true;
  }

  /** Whether a fragment is open. */
  public boolean isOpen() {
    return cluster != null;
  }

  /** Bytes of the open fragment. */
  public long heldBytes() {
    ClusterWriter open = cluster;
    return open == null ? 0 : open.size();
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
      errorClass = 0;
    }
    clock = nextClock;
    errorClass = Math.max(errorClass, nextErrorClass);
    format
        .tally()
        .add(
            frame.trackNumber(),
            frame.ptsNanos(),
            frame.durationNanos(),
            frame.keyframe(),
            frame.data());
    open.add(frame);
    listener.fragmentGrew(open.array(), format.headerPart().remaining(), open.size());
  }

  private boolean endsBefore(ClusterWriter open, Frame frame) {
    long elapsed = frame.ptsNanos() - open.timecodeNanos();
    boolean leads = frame.trackNumber() == format.leadingTrack() && frame.keyframe();
    if ((leads && elapsed >= settings.minFragmentDuration().toNanos())
        || (format.leadingTrack() < 0 && elapsed >= settings.soundFragmentDuration().toNanos())) {
      return true;
    }
    cutAtLimit =
        elapsed > settings.maxFragmentDuration().toNanos()
            || !open.takes(frame.ptsNanos())
            || (long) open.size() + frame.data().remaining() > settings.maxFragmentBytes();
    return cutAtLimit;
  }

  private ClusterWriter begin(Frame frame) {
    if (frame.ptsNanos() < 0) {
      throw new FragmentRefused(
          IngestError.INVALID_PRODUCER_TIMESTAMP, "a frame before the year 1970");
    }
    ClusterWriter begun =
        ClusterWriter.growing(
            format.headerPart(), frame.ptsNanos(), SCALE_NANOS, lastFragmentBytes / 8 * 9);
    cluster = begun;
    format.tally().reset();
    listener.fragmentBegan(begun.timecodeNanos() / SCALE_NANOS, begun.timecodeNanos());
    return begun;
  }

  /** The source has ended, and so has an open fragment. */
  public void end() {
    ClusterWriter open = cluster;
    if (open != null) {
      cutAtLimit = false;
      finish(open);
    }
  }

  private void finish(ClusterWriter open) {
    cluster = null;
    ByteBuffer payload = open.finish();
    lastFragmentBytes = payload.remaining();
    long timecodeNanos = open.timecodeNanos();
    FrameTally tally = format.tally();
    boolean cut = cutAtLimit;
    FragmentTraits traits =
        new FragmentTraits(
            tally.startsWithKeyframe(),
            tally.has(TrackType.VIDEO),
            tally.has(TrackType.AUDIO),
            firstOfSession,
            false,
            tally.annexB(),
            false,
            tally.firstPictureMillis(timecodeNanos),
            new CaptureTraits(clock, errorClass, clockJumped, lossy, goesOn));
    firstOfSession = false;
    clockJumped = false;
    lossy = false;
    goesOn = cut;
    cutAtLimit = false;
    listener.fragmentCompleted(
        new Fragment(
            format.header(),
            timecodeNanos / SCALE_NANOS,
            timecodeNanos,
            tally.endNanos(timecodeNanos) - timecodeNanos,
            tally.frames(),
            format.id(),
            traits,
            payload));
  }
}
