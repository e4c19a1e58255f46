package io.millrace.tests.network;

import io.millrace.tests.network.PushingCamera.Sent;
import io.millrace.tests.network.StoredFrames.Stored;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Holds what was sent, what is stored and what the timeline calls missing against each other: a
 * frame is stored bit by bit, or it lies in a hole; and in no hole lies a frame.
 */
public final class Accounting {
  private static final long HALF_NANOS = LoopedFilm.INTERVAL_NANOS / 2;

  /** What a camera sent last before it was switched off nobody knows, perhaps nothing. */
  private static final String BEGUN_ANEW = "the source began anew";

  /** A clock that was set forward leaves out times, not frames. */
  private static final String CLOCK_JUMP = "clock-jump";

  /** A camera without a connection sends nothing. */
  private static final String CONNECTION_LOST = "connection-lost";

  /** Reasons that a bad network may have. */
  private static final Set<String> REASONS =
      Set.of("packet-loss", "decode-trouble", CONNECTION_LOST);

  /**
   * A hole of the timeline.
   *
   * @param from epoch ns
   * @param to epoch ns
   */
  record Hole(long from, long to, String reason, String detail) {}

  /**
   * What came out.
   *
   * @param sent frames sent
   * @param stored frames stored that were sent so
   * @param inHoles frames that are not stored and lie in a hole
   * @param holes of each reason
   * @param complaints what does not fit
   */
  public record Report(
      int sent, int stored, int inHoles, Map<String, Integer> holes, List<String> complaints) {}

  /** A run of frames, in the order shown, that are not stored, between two that are. */
  private record Run(Sent first, int count, long afterNanos, int afterLife, Sent last) {}

  private final List<Hole> holes;
  private final List<Stored> stored;
  private final List<String> complaints = new ArrayList<>();
  private final Set<Hole> explained = new HashSet<>();
  private int inHoles;

  private Accounting(List<Stored> stored, List<Hole> holes) {
    this.stored = stored;
    this.holes = holes;
  }

  static Report of(List<Sent> sent, List<Stored> stored, List<Hole> holes) {
    return new Accounting(stored, holes).report(sent);
  }

  private Report report(List<Sent> sent) {
    Map<String, Stored> bySum = new HashMap<>();
    for (Stored each : stored) {
      if (bySum.put(each.md5(), each) != null) {
        complaints.add("stored twice: " + each);
      }
    }
    List<Sent> shown = new ArrayList<>(sent);
    shown.sort(Comparator.comparingInt(Sent::life).thenComparingLong(Sent::capturedNanos));
    Run run = null;
    int found = 0;
    long before = Long.MIN_VALUE;
    int life = 0;
    for (Sent each : shown) {
      Stored there = bySum.remove(StoredFrames.md5(ByteBuffer.wrap(each.data())));
      if (there == null) {
        run =
            run == null
                ? new Run(each, 1, before, life, each)
                : new Run(run.first, run.count + 1, run.afterNanos, run.afterLife, each);
        continue;
      }
      found++;
      if (run != null) {
        missing(run, there.nanos(), each.life());
        run = null;
      }
      before = there.nanos();
      life = each.life();
    }
    if (run != null) {
      missing(run, Long.MAX_VALUE, run.last.life());
    }
    bySum.values().forEach(each -> complaints.add("stored but never sent: " + each));
    checkHoles();
    Map<String, Integer> reasons = new TreeMap<>();
    holes.forEach(hole -> reasons.merge(hole.reason(), 1, Integer::sum));
    return new Report(sent.size(), found, inHoles, reasons, complaints);
  }

  /** Each frame of a run lies in a hole between the stored frames around it. */
  private void missing(Run run, long nextNanos, int nextLife) {
    if (run.afterNanos == Long.MIN_VALUE) {
      complaints.add("missing before the first that is stored: " + run.count);
      return;
    }
    long at = run.afterNanos + LoopedFilm.INTERVAL_NANOS;
    if (run.afterLife != nextLife) {
      // Where the clock is another afterwards nobody can say how long the hole is: it begins here,
      // where the fragment ends by estimate.
      long from = run.afterNanos;
      long most = at + 2 * LoopedFilm.INTERVAL_NANOS;
      long begins =
          holes.stream()
              .mapToLong(Hole::from)
              .filter(hole -> hole > from && hole < most)
              .findFirst()
              .orElse(at);
      if (holeAt(begins, run, nextNanos)) {
        inHoles += run.count;
      }
      return;
    }
    for (int i = 0; i < run.count; i++, at += LoopedFilm.INTERVAL_NANOS) {
      if (holeAt(at, run, nextNanos)) {
        inHoles++;
      }
    }
  }

  private boolean holeAt(long nanos, Run run, long nextNanos) {
    List<Hole> around =
        holes.stream()
            .filter(hole -> REASONS.contains(hole.reason()))
            .filter(hole -> nanos >= hole.from() - HALF_NANOS && nanos <= hole.to() + HALF_NANOS)
            .toList();
    explained.addAll(around);
    if (!around.isEmpty()) {
      return true;
    }
    complaints.add(
        "missing and in no hole: %d ms, of a run of %d from life %d to %d between %d and %d ms"
            .formatted(
                nanos / 1_000_000,
                run.count,
                run.first.life(),
                run.last.life(),
                run.afterNanos / 1_000_000,
                nextNanos / 1_000_000));
    return false;
  }

  /** In no hole lies a frame, and each that packets were lost in has a frame missing. */
  private void checkHoles() {
    for (Hole hole : holes) {
      for (Stored each : stored) {
        if (each.nanos() > hole.from() + HALF_NANOS && each.nanos() < hole.to() - HALF_NANOS) {
          complaints.add("%s holds the frame of %d ms".formatted(hole, each.nanos() / 1_000_000));
        }
      }
      boolean mayBeEmpty =
          hole.detail().contains(BEGUN_ANEW)
              || hole.reason().equals(CLOCK_JUMP)
              || hole.reason().equals(CONNECTION_LOST);
      if (!explained.contains(hole) && !mayBeEmpty) {
        complaints.add("nothing is missing in " + hole);
      }
    }
  }
}
