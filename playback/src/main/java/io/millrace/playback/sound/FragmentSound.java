package io.millrace.playback.sound;

import io.millrace.media.mkv.MkvFragment;
import io.millrace.media.track.Frame;
import io.millrace.store.fragment.FragmentEntry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the frames of one fragment lie among the samples of the stream: sample 0 is the epoch. It
 * depends on the fragment alone, so whoever looks at a fragment finds the same.
 *
 * @param frames in the order of their samples; after a jump one may begin before the last has ended
 * @param endSample behind the last sample, 0 when there is no frame
 */
record FragmentSound(List<Piece> frames, long endSample) {
  /** A coded frame, the sample it begins with, and how many it has. */
  record Piece(long sample, int samples, ByteBuffer data) {
    long end() {
      return sample + samples;
    }
  }

  /** Times that are off by less are rounded or drifting, and the samples simply follow. */
  private static final int TOLERANCE_MILLIS = 30;

  private static final long NANOS = 1_000_000_000L;

  FragmentSound {
    frames = List.copyOf(frames);
  }

  /**
   * Frames whose times fit together lie without a gap where they fit their times best on average:
   * single times are rounded to whole milliseconds, which one would hear from fragment to fragment.
   * Frames of which the length cannot be told, or that lie behind what came before, are skipped.
   */
  static FragmentSound of(FragmentEntry entry, MkvFragment fragment, SoundSource source) {
    long offset = entry.producerTimeNanos() - fragment.clusterTimecodeNanos();
    long tolerance = (long) source.samplingHz() * TOLERANCE_MILLIS / 1000;
    List<Piece> placed = new ArrayList<>();
    List<Piece> run = new ArrayList<>();
    long late = 0;
    long next = 0;
    for (Frame frame : fragment.frames()) {
      int samples = source.samples(frame.data());
      if (frame.trackNumber() != source.track().number() || samples == 0) {
        continue;
      }
      long declared =
          sampleAt(frame.ptsNanos() + offset, source.samplingHz()) - source.skippedSamples();
      boolean first = run.isEmpty();
      if (!first && declared < next - tolerance) {
        continue;
      }
      if (first || declared > next + tolerance) {
        place(run, late, placed);
        run.clear();
        late = 0;
        next = declared;
      }
      run.add(new Piece(next, samples, frame.data()));
      late += declared - next;
      next += samples;
    }
    place(run, late, placed);
    return new FragmentSound(placed, placed.isEmpty() ? 0 : placed.getLast().end());
  }

  /**
   * Moves a run to where it is right on average.
   *
   * @param late sum of the samples by which the frames' own times are later
   */
  private static void place(List<Piece> run, long late, List<Piece> placed) {
    if (run.isEmpty()) {
      return;
    }
    long shift = Math.round((double) late / run.size());
    for (Piece piece : run) {
      placed.add(new Piece(piece.sample() + shift, piece.samples(), piece.data()));
    }
  }

  private static long sampleAt(long nanos, int samplingHz) {
    long seconds = Math.floorDiv(nanos, NANOS);
    long rest = Math.floorMod(nanos, NANOS);
    return seconds * samplingHz + (rest * samplingHz + NANOS / 2) / NANOS;
  }

  boolean isEmpty() {
    return frames.isEmpty();
  }

  long startSample() {
    return frames.getFirst().sample();
  }

  /** The last frames, from the one that holds a sample. */
  List<Piece> from(long sample) {
    return frames.stream().filter(piece -> piece.end() > sample).toList();
  }
}
