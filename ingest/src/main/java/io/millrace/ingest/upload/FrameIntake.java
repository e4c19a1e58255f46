package io.millrace.ingest.upload;

import io.millrace.ingest.fragmenter.FragmentListener;
import io.millrace.ingest.fragmenter.FragmentRefused;
import io.millrace.ingest.fragmenter.GopFragmenter;
import io.millrace.ingest.fragmenter.GopSettings;
import io.millrace.ingest.fragmenter.IngestError;
import io.millrace.media.track.Frame;
import io.millrace.media.track.Track;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Gives the frames of a file their place in time and gathers them into fragments. */
final class FrameIntake {
  /** 2001-01-01: container times after it are taken to be epoch times. */
  private static final long LOOKS_ABSOLUTE_NANOS = 978_307_200_000_000_000L;

  private static final long LATEST_NANOS = 9_000_000_000_000_000_000L;
  private static final String APPLICATION = "Millrace upload";

  private final GopSettings settings;
  private final OptionalLong startNanos;
  private final long arrivalNanos;
  private final UploadSummary summary;
  private final FragmentListener listener;
  private @Nullable GopFragmenter fragmenter;
  private boolean placed;
  private long shiftNanos;
  private long lastEndNanos = Long.MIN_VALUE;

  /**
   * @param startNanos epoch ns of the file's time zero, where the client said so
   * @param arrivalNanos epoch ns at which the upload began, for files without any absolute time
   */
  FrameIntake(
      GopSettings settings,
      OptionalLong startNanos,
      long arrivalNanos,
      UploadSummary summary,
      FragmentListener listener) {
    this.settings = settings;
    this.startNanos = startNanos;
    this.arrivalNanos = arrivalNanos;
    this.summary = summary;
    this.listener = listener;
  }

  /**
   * A document begins.
   *
   * @throws FragmentRefused INVALID_MKV_DATA when it declares no track
   */
  void begin(List<Track> tracks) {
    end();
    if (tracks.isEmpty()) {
      throw new FragmentRefused(IngestError.INVALID_MKV_DATA, "no track that can be kept");
    }
    summary.declare(tracks);
    fragmenter = new GopFragmenter(settings, tracks, APPLICATION, listener);
    placed = false;
  }

  /**
   * The next frame; its data is borrowed.
   *
   * @param ptsNanos on the container's clock
   */
  void add(int trackNumber, long ptsNanos, long durationNanos, boolean keyframe, ByteBuffer data) {
    GopFragmenter open = fragmenter;
    if (open == null) {
      throw new IllegalStateException("a frame before its document");
    }
    if (!placed) {
      place(ptsNanos);
    }
    long time = ptsNanos + shiftNanos;
    if (time < 0 || time > LATEST_NANOS) {
      throw new FragmentRefused(
          IngestError.INVALID_PRODUCER_TIMESTAMP, "a frame before 1970 or after 2255");
    }
    lastEndNanos = Math.max(lastEndNanos, time + durationNanos);
    open.add(new Frame(trackNumber, time, durationNanos, keyframe, data));
    summary.frame(trackNumber);
  }

  private void place(long firstPtsNanos) {
    placed = true;
    boolean absolute = firstPtsNanos >= LOOKS_ABSOLUTE_NANOS;
    if (absolute) {
      shiftNanos = startNanos.isPresent() ? startNanos.getAsLong() - firstPtsNanos : 0;
    } else {
      shiftNanos = startNanos.orElse(arrivalNanos);
    }
    if (lastEndNanos != Long.MIN_VALUE && firstPtsNanos + shiftNanos < lastEndNanos) {
      // Files joined end to end: the next one goes on where the last one stopped.
      shiftNanos = lastEndNanos - firstPtsNanos;
    }
  }

  /** The source has ended. */
  void end() {
    if (fragmenter != null) {
      fragmenter.end();
    }
  }
}
