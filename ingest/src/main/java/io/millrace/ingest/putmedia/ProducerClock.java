package io.millrace.ingest.putmedia;

import io.millrace.api.error.AwsError;
import io.millrace.ingest.fragmenter.FragmentRefused;
import io.millrace.ingest.fragmenter.IngestError;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns cluster timecodes into producer timestamps.
 *
 * @param relative whether timecodes count from the start of the session rather than the epoch
 * @param startNanos when the session started, epoch ns; empty where the producer did not say
 */
record ProducerClock(boolean relative, OptionalLong startNanos) {
  private static final BigDecimal LATEST_SECOND = BigDecimal.valueOf(9_000_000_000L);
  private static final long LATEST_NANOS = 9_000_000_000_000_000_000L;
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,10}(\\.[0-9]{0,20})?");

  /**
   * @param type value of {@code x-amzn-fragment-timecode-type}
   * @param start value of {@code x-amzn-producer-start-timestamp}: epoch seconds with a fraction,
   *     or ISO 8601
   * @throws io.millrace.api.error.AwsException INVALID_ARGUMENT
   */
  static ProducerClock of(@Nullable String type, @Nullable String start) {
    if (type == null) {
      throw AwsError.INVALID_ARGUMENT.because(
          "Header x-amzn-fragment-timecode-type is required: ABSOLUTE or RELATIVE");
    }
    boolean relative =
        switch (type) {
          case "RELATIVE" -> true;
          case "ABSOLUTE" -> false;
          default ->
              throw AwsError.INVALID_ARGUMENT.because(
                  "Header x-amzn-fragment-timecode-type must be ABSOLUTE or RELATIVE");
        };
    return new ProducerClock(
        relative,
        start == null || start.isBlank() ? OptionalLong.empty() : OptionalLong.of(nanos(start)));
  }

  private static long nanos(String text) {
    if (SECONDS.matcher(text).matches()) {
      BigDecimal seconds = new BigDecimal(text);
      if (seconds.compareTo(LATEST_SECOND) <= 0) {
        return seconds.movePointRight(9).setScale(0, RoundingMode.HALF_UP).longValueExact();
      }
    } else {
      try {
        Instant instant = Instant.parse(text);
        if (instant.getEpochSecond() >= 0
            && instant.getEpochSecond() < LATEST_SECOND.longValueExact()) {
          return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
        }
      } catch (DateTimeException e) {
        throw notATime();
      }
    }
    throw notATime();
  }

  private static RuntimeException notATime() {
    return AwsError.INVALID_ARGUMENT.because(
        "Header x-amzn-producer-start-timestamp must be epoch seconds or ISO 8601, up to the year"
            + " 2255");
  }

  /**
   * Producer timestamp of a cluster.
   *
   * @throws FragmentRefused INVALID_PRODUCER_TIMESTAMP
   */
  long producerTimeNanos(long timecodeNanos) {
    if (relative && startNanos.isEmpty()) {
      throw new FragmentRefused(
          IngestError.INVALID_PRODUCER_TIMESTAMP,
          "RELATIVE timecodes need the header x-amzn-producer-start-timestamp");
    }
    long start = relative ? startNanos.getAsLong() : 0;
    if (timecodeNanos > LATEST_NANOS - start) {
      throw new FragmentRefused(
          IngestError.INVALID_PRODUCER_TIMESTAMP, "the cluster lies after the year 2255");
    }
    return start + timecodeNanos;
  }
}
