package io.millrace.playback.source;

import io.millrace.api.error.AwsError;
import io.millrace.api.wire.OperationContext;
import io.millrace.store.fragment.FragmentEntry;
import io.millrace.store.fragment.FragmentQuery.TimeAxis;

/** Where a fragment lies on either clock; server time runs from the arrival of its first byte. */
public final class EntryTimes {
  private EntryTimes() {}

  /** Start, epoch ns. */
  public static long startNanos(FragmentEntry entry, TimeAxis axis) {
    return axis == TimeAxis.PRODUCER
        ? entry.producerTimeNanos()
        : entry.serverTimeMillis() * Nanos.PER_MILLI;
  }

  /** End of its last frame, epoch ns. */
  public static long endNanos(FragmentEntry entry, TimeAxis axis) {
    return startNanos(entry, axis) + entry.durationNanos();
  }

  /**
   * Clock named by the query parameter {@code axis}; the producer's unless it says otherwise.
   *
   * @throws io.millrace.api.error.AwsException INVALID_ARGUMENT
   */
  public static TimeAxis axis(OperationContext context) {
    String axis = context.queryParameter("axis").orElse("producer");
    return switch (axis) {
      case "producer" -> TimeAxis.PRODUCER;
      case "server" -> TimeAxis.SERVER;
      default ->
          throw AwsError.INVALID_ARGUMENT.because("axis must be producer or server: " + axis);
    };
  }
}
