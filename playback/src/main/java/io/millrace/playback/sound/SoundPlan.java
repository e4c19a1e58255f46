package io.millrace.playback.sound;

import io.millrace.media.mkv.MkvFragment;
import io.millrace.playback.sound.FragmentSound.Piece;
import io.millrace.store.fragment.FragmentEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which AAC frames belong to a fragment, and what has to be encoded to get them. Frame {@code k} of
 * a stream is the one whose decoded samples begin at {@code 1024 k}, counted from the epoch. A
 * fragment has the frames that can be made once it is there and could not be made before it: the
 * frames of fragments that follow each other follow each other without a gap, whoever makes them,
 * and nobody waits for what comes next. For that they lie up to three frames before the fragment's
 * own times, and as much is missing before a gap.
 *
 * @param firstFrame of the fragment
 * @param frames how many, 0 or more
 * @param task the work, of which the first frames are only there to be in step with the others
 */
public record SoundPlan(long firstFrame, int frames, SoundTask task) {
  /** Samples of an AAC frame. */
  public static final int FRAME_SAMPLES = 1024;

  /**
   * The samples of a frame and those behind it that its encoder looks at: its own transform reaches
   * one frame further, and the next one decides on its shape.
   */
  private static final int FRAMES_SEEN = 3;

  /** Frames encoded before the first wanted one, after which encoders agree. */
  private static final int FRAMES_BEFORE = 4;

  /** A fragment that begins within this after the end of the last continues its sound. */
  private static final int JOINED_MILLIS = 250;

  /** A stored fragment and what it is made of. */
  public record Stored(FragmentEntry entry, MkvFragment media) {}

  /**
   * Plans the sound of a fragment.
   *
   * @param before the fragment before it on the producer's clock, empty where there is none
   * @param bounds largest work given to a worker
   * @throws IllegalArgumentException if the fragment has no sound, or too much
   */
  public static SoundPlan of(
      SoundSource source, Optional<Stored> before, Stored fragment, SoundBounds bounds) {
    FragmentSound own = FragmentSound.of(fragment.entry(), fragment.media(), source);
    if (own.isEmpty()) {
      throw new IllegalArgumentException("no frame of track " + source.track().number());
    }
    Optional<FragmentSound> joined =
        before
            .map(stored -> FragmentSound.of(stored.entry(), stored.media(), source))
            .filter(sound -> !sound.isEmpty() && joins(sound, own, source.samplingHz()));
    long first =
        joined
            .map(sound -> lastFrame(sound.endSample()) + 1)
            .orElseGet(() -> Math.floorDiv(own.startSample(), FRAME_SAMPLES));
    long frames = Math.max(0, lastFrame(own.endSample()) - first + 1);
    long start = (first - FRAMES_BEFORE) * FRAME_SAMPLES;
    long blocks = frames + FRAMES_BEFORE + FRAMES_SEEN - 1;
    bounds.check(blocks * FRAME_SAMPLES, source);
    List<Piece> pieces = new ArrayList<>();
    joined.ifPresent(sound -> pieces.addAll(sound.from(start - source.runUpSamples())));
    pieces.addAll(own.frames());
    bounds.check(pieces.size());
    return new SoundPlan(
        first, (int) frames, new SoundTask(source, start, (int) blocks, List.copyOf(pieces)));
  }

  private static boolean joins(FragmentSound before, FragmentSound own, int samplingHz) {
    long distance = own.startSample() - before.endSample();
    return Math.abs(distance) <= (long) samplingHz * JOINED_MILLIS / 1000
        && own.endSample() > before.endSample();
  }

  /** The last frame that can be made when the samples before this one are known. */
  private static long lastFrame(long endSample) {
    return Math.floorDiv(endSample, FRAME_SAMPLES) - FRAMES_SEEN;
  }

  /** Those of the encoded frames that belong to the fragment, in order. */
  public List<AacFrame> wanted(List<AacFrame> encoded) {
    long from = firstFrame * FRAME_SAMPLES;
    long to = from + (long) frames * FRAME_SAMPLES;
    return encoded.stream().filter(f -> f.sample() >= from && f.sample() < to).toList();
  }
}
