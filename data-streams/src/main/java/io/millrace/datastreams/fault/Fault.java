package io.millrace.datastreams.fault;

import java.time.Duration;
import java.util.Optional;

/**
 * What goes wrong with a call.
 *
 * @param delay added before the call is looked at
 * @param failure what it fails with instead of being answered
 * @param partial chance, 0 to 1, that each record of PutRecords fails
 */
public record Fault(Duration delay, Optional<Failure> failure, double partial) {
  /** Nothing. */
  public static final Fault NONE = new Fault(Duration.ZERO, Optional.empty(), 0);

  /** Longest delay. */
  public static final Duration MAX_DELAY = Duration.ofMinutes(1);

  /** What a call may fail with. */
  public enum Failure {
    /** The shard is at its limit; a call on a stream was made too often. */
    THROTTLE,
    /** An error of the service. */
    ERROR,
    /** The service cannot be reached for a moment. */
    UNAVAILABLE,
    /** The shard iterator is too old. */
    EXPIRED_ITERATOR
  }

  /**
   * Reads a plan: words separated by commas, of {@code throttle}, {@code error}, {@code
   * unavailable}, {@code expired-iterator}, {@code latency=200} (milliseconds), {@code partial=0.5}
   * (share of records).
   *
   * @throws IllegalArgumentException that says which word is wrong
   */
  public static Fault parse(String text) {
    Duration delay = Duration.ZERO;
    Optional<Failure> failure = Optional.empty();
    double partial = 0;
    for (String word : text.split(",")) {
      String[] parts = word.strip().split("=", 2);
      switch (parts[0]) {
        case "throttle" -> failure = Optional.of(Failure.THROTTLE);
        case "error" -> failure = Optional.of(Failure.ERROR);
        case "unavailable" -> failure = Optional.of(Failure.UNAVAILABLE);
        case "expired-iterator" -> failure = Optional.of(Failure.EXPIRED_ITERATOR);
        case "latency" ->
            delay = Duration.ofMillis((long) number(parts, 0, (double) MAX_DELAY.toMillis()));
        case "partial" -> partial = number(parts, 0, 1);
        default -> throw new IllegalArgumentException("unknown fault '" + word.strip() + "'");
      }
    }
    return new Fault(delay, failure, partial);
  }

  private static double number(String[] parts, double low, double high) {
    try {
      double value = Double.parseDouble(parts.length < 2 ? "" : parts[1]);
      if (value >= low && value <= high) {
        return value;
      }
    } catch (NumberFormatException e) {
      // The message below says what is wanted.
    }
    throw new IllegalArgumentException(
        "fault '%s' needs a number from %s to %s".formatted(parts[0], low, high));
  }
}
