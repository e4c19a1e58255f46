package io.millrace.ingest.webrtc.feedback;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which missing packets to ask for now: each a few times, with pauses, since the request or its
 * answer may be lost as well. Not thread-safe.
 */
public final class RepeatRequests {
  /** Packets that one request may name. */
  public static final int MAX_NAMED = 200;

  private static final long PAUSE_NANOS = 80_000_000;
  private static final int MAX_TIMES = 5;

  private record Asked(int times, long lastNanos) {}

  private Map<Integer, Asked> asked = new HashMap<>();

  /**
   * Those of the missing packets whose turn it is.
   *
   * @param missing 16-bit sequence numbers of all that are waited for, ascending; what is not among
   *     them is forgotten
   */
  public List<Integer> due(List<Integer> missing, long nowNanos) {
    if (missing.isEmpty()) {
      asked.clear();
      return List.of();
    }
    Map<Integer, Asked> still = HashMap.newHashMap(missing.size());
    List<Integer> due = new ArrayList<>();
    for (int each : missing) {
      Asked before = asked.getOrDefault(each, new Asked(0, 0));
      boolean now =
          before.times == 0
              || (before.times < MAX_TIMES && nowNanos - before.lastNanos >= PAUSE_NANOS);
      if (now) {
        due.add(each);
        before = new Asked(before.times + 1, nowNanos);
      }
      still.put(each, before);
    }
    asked = still;
    return due;
  }
}
