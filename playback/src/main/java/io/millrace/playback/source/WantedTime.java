package io.millrace.playback.source;

import io.millrace.api.error.AwsError;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The time a plain route is asked for: RFC 3339, epoch seconds with an optional fraction, {@code
 * now-10s} (units ms, s, m, h), or {@code now}.
 */
public sealed interface WantedTime {
  /** The newest there is. */
  record Newest() implements WantedTime {}

  /** An instant, epoch ns. */
  record At(long nanos) implements WantedTime {}

  Pattern BEFORE_NOW = Pattern.compile("now-([0-9]{1,9})(ms|s|m|h)");
  Pattern SECONDS = Pattern.compile("[0-9]{1,11}(\\.[0-9]{1,9})?");

  /**
   * Reads a parameter.
   *
   * @throws io.millrace.api.error.AwsException INVALID_ARGUMENT
   */
  static WantedTime parse(String name, String text, Instant now) {
    if (text.equals("now")) {
      return new Newest();
    }
    Matcher before = BEFORE_NOW.matcher(text);
    if (before.matches()) {
      long amount = Long.parseLong(before.group(1));
      Duration back =
          switch (before.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
          };
      return new At(Nanos.of(now.minus(back)));
    }
    if (SECONDS.matcher(text).matches()) {
      BigDecimal nanos = new BigDecimal(text).movePointRight(9);
      BigDecimal most = BigDecimal.valueOf(Long.MAX_VALUE);
      return new At(nanos.min(most).setScale(0, RoundingMode.DOWN).longValueExact());
    }
    try {
      return new At(Nanos.of(OffsetDateTime.parse(text).toInstant()));
    } catch (DateTimeParseException e) {
      throw AwsError.INVALID_ARGUMENT.because(
          "%s must be an RFC 3339 time, epoch seconds, now or such as now-10s: %s"
              .formatted(name, text));
    }
  }
}
