package io.millrace.playback.session;

import io.millrace.api.error.AwsError;
import io.millrace.playback.source.EntryTimes;
import io.millrace.playback.source.Nanos;
import io.millrace.store.fragment.FragmentEntry;
import io.millrace.store.fragment.FragmentQuery.TimeAxis;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a viewer asked for, validated.
 *
 * @param mode how the list of fragments comes about
 * @param axis which clock the range means
 * @param fromNanos earliest start of a fragment, epoch ns
 * @param toNanos latest start of a fragment, epoch ns
 * @param lifetime how long the token holds
 * @param maxFragments most fragments in one list
 */
public record SessionSpec(
    PlaybackMode mode,
    TimeAxis axis,
    long fromNanos,
    long toNanos,
    Duration lifetime,
    int maxFragments) {
  private static final Duration LONGEST_RANGE = Duration.ofHours(24);
  private static final int DEFAULT_LIFETIME_SECONDS = 300;
  private static final int DEFAULT_LIVE_FRAGMENTS = 5;
  private static final int DEFAULT_FRAGMENTS = 1000;

  /**
   * Checks the members that HLS and DASH sessions share.
   *
   * @param start of the range, absent when the request has none
   * @param end of the range, absent when the request has none
   * @throws io.millrace.api.error.AwsException INVALID_ARGUMENT
   */
  public static SessionSpec of(
      PlaybackMode mode,
      TimeAxis axis,
      Optional<Instant> start,
      Optional<Instant> end,
      @Nullable Integer expires,
      @Nullable Long maxFragments) {
    long from = Long.MIN_VALUE;
    long to = Long.MAX_VALUE;
    switch (mode) {
      case LIVE -> {
        if (start.isPresent() || end.isPresent()) {
          throw AwsError.INVALID_ARGUMENT.because(
              "TimestampRange must not be given when PlaybackMode is LIVE");
        }
      }
      case LIVE_REPLAY -> {
        from = required("StartTimestamp", start, mode);
        to = end.map(Nanos::of).orElse(to);
      }
      case ON_DEMAND -> {
        from = required("StartTimestamp", start, mode);
        to = required("EndTimestamp", end, mode);
      }
    }
    if (start.isPresent() && end.isPresent()) {
      checkRange(start.get(), end.get());
    }
    return new SessionSpec(
        mode,
        axis,
        from,
        to,
        Duration.ofSeconds(expires == null ? DEFAULT_LIFETIME_SECONDS : expires),
        maxFragments != null
            ? Math.toIntExact(maxFragments)
            : mode == PlaybackMode.ON_DEMAND ? DEFAULT_FRAGMENTS : DEFAULT_LIVE_FRAGMENTS);
  }

  private static long required(String member, Optional<Instant> value, PlaybackMode mode) {
    return Nanos.of(
        value.orElseThrow(
            () ->
                AwsError.INVALID_ARGUMENT.because(
                    member + " is required when PlaybackMode is " + mode)));
  }

  private static void checkRange(Instant start, Instant end) {
    if (!start.isBefore(end)) {
      throw AwsError.INVALID_ARGUMENT.because("StartTimestamp must be before EndTimestamp");
    }
    if (Duration.between(start, end).compareTo(LONGEST_RANGE) > 0) {
      throw AwsError.INVALID_ARGUMENT.because(
          "The time between StartTimestamp and EndTimestamp must not be longer than 24 hours");
    }
  }

  /** Start of a fragment on the clock of this session, epoch ns. */
  public long startNanos(FragmentEntry entry) {
    return EntryTimes.startNanos(entry, axis);
  }

  /** Whether a fragment starts within the range. */
  public boolean covers(FragmentEntry entry) {
    long start = startNanos(entry);
    return start >= fromNanos && start <= toNanos;
  }
}
