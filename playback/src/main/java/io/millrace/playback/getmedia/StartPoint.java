package io.millrace.playback.getmedia;

import io.millrace.api.error.AwsError;
import io.millrace.playback.source.EntryTimes;
import io.millrace.playback.source.Nanos;
import io.millrace.store.fragment.FragmentEntry;
import io.millrace.store.fragment.FragmentLog;
import io.millrace.store.fragment.FragmentNumber;
import io.millrace.store.fragment.FragmentQuery;
import io.millrace.store.fragment.FragmentQuery.TimeAxis;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kinesisvideomedia.model.StartSelector;

/**
 * Where a GetMedia reply begins.
 *
 * @param after only fragments with a larger number; null for all
 * @param axis clock of {@code notBeforeNanos}
 * @param notBeforeNanos fragments that start earlier are passed over until the first that does not
 */
record StartPoint(@Nullable FragmentNumber after, TimeAxis axis, long notBeforeNanos) {
  private static StartPoint after(@Nullable FragmentNumber number) {
    return new StartPoint(number, TimeAxis.SERVER, Long.MIN_VALUE);
  }

  boolean skips(FragmentNumber number, long producerTimeNanos) {
    long startNanos =
        axis == TimeAxis.PRODUCER ? producerTimeNanos : number.serverTimeMillis() * Nanos.PER_MILLI;
    return startNanos < notBeforeNanos;
  }

  /**
   * Finds the start a selector means.
   *
   * @throws io.millrace.api.error.AwsException INVALID_ARGUMENT when the selector is not complete
   */
  static CompletionStage<StartPoint> find(
      StartSelector selector, FragmentLog log, long nowMillis, Duration freshness) {
    return switch (selector.startSelectorType()) {
      case NOW -> CompletableFuture.completedFuture(now(log, nowMillis - freshness.toMillis()));
      case EARLIEST -> CompletableFuture.completedFuture(after(null));
      case FRAGMENT_NUMBER ->
          CompletableFuture.completedFuture(
              after(number("AfterFragmentNumber", selector.afterFragmentNumber())));
      case CONTINUATION_TOKEN ->
          CompletableFuture.completedFuture(
              after(number("ContinuationToken", selector.continuationToken())));
      case SERVER_TIMESTAMP -> atTime(selector, TimeAxis.SERVER, log);
      case PRODUCER_TIMESTAMP -> atTime(selector, TimeAxis.PRODUCER, log);
      case UNKNOWN_TO_SDK_VERSION ->
          throw AwsError.INVALID_ARGUMENT.because(
              "Unknown StartSelectorType " + selector.startSelectorTypeAsString());
    };
  }

  private static StartPoint now(FragmentLog log, long freshMillis) {
    List<FragmentEntry> newest = log.newest(1);
    if (newest.isEmpty()) {
      return after(null);
    }
    FragmentEntry entry = newest.getFirst();
    return entry.serverTimeMillis() >= freshMillis ? from(entry.number()) : after(entry.number());
  }

  /** So that the fragment with this number is the first. */
  private static StartPoint from(FragmentNumber number) {
    return after(
        number.counter() == 0 ? null : new FragmentNumber(number.counter() - 1, Long.MAX_VALUE, 0));
  }

  private static FragmentNumber number(String member, @Nullable String text) {
    if (text == null) {
      throw AwsError.INVALID_ARGUMENT.because(member + " is required for this StartSelectorType");
    }
    try {
      return FragmentNumber.parse(text);
    } catch (IllegalArgumentException e) {
      throw AwsError.INVALID_ARGUMENT.because(member + " is not a fragment number of this stream");
    }
  }

  private static CompletionStage<StartPoint> atTime(
      StartSelector selector, TimeAxis axis, FragmentLog log) {
    if (selector.startTimestamp() == null) {
      throw AwsError.INVALID_ARGUMENT.because(
          "StartTimestamp is required for this StartSelectorType");
    }
    long nanos = Nanos.of(selector.startTimestamp());
    return log.at(axis, nanos)
        .thenCompose(
            shown -> {
              if (shown.isPresent() && EntryTimes.endNanos(shown.get(), axis) > nanos) {
                return CompletableFuture.completedFuture(from(shown.get().number()));
              }
              return log.find(new FragmentQuery(axis, nanos, Long.MAX_VALUE, null, 1))
                  .thenApply(
                      later -> {
                        if (!later.isEmpty()) {
                          return from(later.getFirst().number());
                        }
                        List<FragmentEntry> newest = log.newest(1);
                        return new StartPoint(
                            newest.isEmpty() ? null : newest.getFirst().number(), axis, nanos);
                      });
            });
  }
}
