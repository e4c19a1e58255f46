package io.millrace.datastreams.scaling;

import java.time.Duration;
import java.util.ArrayDeque;

/** The highest value of a time span, kept as one value per part of it. Not thread-safe. */
final class PeakWindow {
  private static final int PARTS = 24;

  private final long partMillis;
  private final ArrayDeque<Part> parts = new ArrayDeque<>();
  private long beganMillis = -1;

  private record Part(long number, double highest) {}

  PeakWindow(Duration span) {
    this.partMillis = Math.max(1, span.toMillis() / PARTS);
  }

  void add(long nowMillis, double value) {
    if (beganMillis < 0) {
      beganMillis = nowMillis;
    }
    long number = nowMillis / partMillis;
    Part last = parts.peekLast();
    if (last != null && last.number() == number) {
      parts.removeLast();
      parts.addLast(new Part(number, Math.max(last.highest(), value)));
    } else {
      parts.addLast(new Part(number, value));
    }
    while (parts.getFirst().number() < number - PARTS) {
      parts.removeFirst();
    }
  }

  double highest() {
    return parts.stream().mapToDouble(Part::highest).max().orElse(0);
  }

  /** Whether the whole span has been seen. */
  boolean isFull(long nowMillis) {
    return beganMillis >= 0 && nowMillis - beganMillis >= partMillis * PARTS;
  }
}
