package io.millrace.ingest.rtsp.request;

import io.millrace.ingest.rtsp.message.RtspStatus;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of the past.
 *
 * @param startNanos epoch ns
 * @param endNanos epoch ns, {@link Long#MAX_VALUE} for the newest
 */
public record PlayRange(long startNanos, long endNanos) {
  private static final long SECOND_NANOS = 1_000_000_000L;

  /** The year 2262 is as far as epoch ns go. */
  private static final long MAX_SECONDS = Long.MAX_VALUE / SECOND_NANOS - 1;

  private static final Pattern NPT =
      Pattern.compile("npt=\\s*(now|[0-9:.]{1,20})?\\s*-\\s*([0-9:.]{1,20})?.*");
  private static final Pattern CLOCK =
      Pattern.compile("clock=\\s*([0-9TZ.]{1,30})\\s*-\\s*([0-9TZ.]{1,30})?.*");
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}(\\.[0-9]{0,9})?");
  private static final Pattern CLOCK_TIME =
      Pattern.compile("([0-9]{1,5}):([0-5]?[0-9]):([0-5]?[0-9](?:\\.[0-9]{0,9})?)");
  private static final Pattern EPOCH = Pattern.compile("[0-9]{1,10}(\\.[0-9]{1,9})?");

  private static final DateTimeFormatter CLOCK_FORMAT =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuuMMdd'T'HHmmss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .appendLiteral('Z')
          .toFormatter()
          .withZone(ZoneOffset.UTC);

  /**
   * What a URI asks for: ISO 8601 or epoch seconds.
   *
   * @throws RequestRefused if its times are neither
   */
  public static PlayRange ofPath(MediaPath path) {
    String start = path.parameters().getOrDefault("start", "");
    String end = path.parameters().getOrDefault("end", "");
    return new PlayRange(
        start.isEmpty() ? 0 : time(start, "start"),
        end.isEmpty() ? Long.MAX_VALUE : time(end, "end"));
  }

  private static long time(String text, String name) {
    try {
      return EPOCH.matcher(text).matches()
          ? seconds(new BigDecimal(text))
          : nanos(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException e) {
      throw new RequestRefused(
          RtspStatus.INVALID_RANGE,
          name + " is neither like 2026-01-01T12:00:00Z nor seconds since 1970");
    }
  }

  private static long seconds(BigDecimal value) {
    return value.movePointRight(9).longValue();
  }

  private static long nanos(Instant instant) {
    if (Math.abs(instant.getEpochSecond()) > MAX_SECONDS) {
      throw new DateTimeException("beyond the times that are kept");
    }
    return instant.getEpochSecond() * SECOND_NANOS + instant.getNano();
  }

  /**
   * The part that a {@code Range} asks for (RFC 2326 section 12.29).
   *
   * @param header {@code npt=} counts from this range's start, {@code clock=} is absolute
   * @throws RequestRefused if it is none of these, or ends before it begins
   */
  public PlayRange within(String header) {
    Matcher npt = NPT.matcher(header);
    Matcher clock = CLOCK.matcher(header);
    PlayRange asked;
    if (npt.matches()) {
      String from = npt.group(1);
      asked =
          new PlayRange(
              from == null || from.equals("now") ? startNanos : startNanos + playTime(from),
              npt.group(2) == null ? endNanos : startNanos + playTime(npt.group(2)));
    } else if (clock.matches()) {
      asked =
          new PlayRange(
              clockTime(clock.group(1)),
              clock.group(2) == null ? endNanos : clockTime(clock.group(2)));
    } else {
      throw new RequestRefused(RtspStatus.INVALID_RANGE, "Ranges are npt= or clock=");
    }
    if (asked.startNanos >= asked.endNanos) {
      throw new RequestRefused(RtspStatus.INVALID_RANGE, "The range ends before it begins");
    }
    return new PlayRange(asked.startNanos, Math.min(asked.endNanos, endNanos));
  }

  private static long playTime(String text) {
    Matcher clock = CLOCK_TIME.matcher(text);
    if (clock.matches()) {
      return (Long.parseLong(clock.group(1)) * 3600 + Long.parseLong(clock.group(2)) * 60)
              * SECOND_NANOS
          + seconds(new BigDecimal(clock.group(3)));
    }
    if (SECONDS.matcher(text).matches()) {
      return seconds(new BigDecimal(text));
    }
    throw new RequestRefused(RtspStatus.INVALID_RANGE, "No time: npt=" + text);
  }

  private static long clockTime(String text) {
    try {
      return nanos(CLOCK_FORMAT.parse(text, Instant::from));
    } catch (DateTimeException e) {
      throw new RequestRefused(
          RtspStatus.INVALID_RANGE, "A clock time is like 20260101T120000.25Z");
    }
  }

  /** {@code clock=…}, from a time on. */
  public String header(long fromNanos) {
    return "clock="
        + written(fromNanos)
        + "-"
        + (endNanos == Long.MAX_VALUE ? "" : written(endNanos));
  }

  private static String written(long nanos) {
    return CLOCK_FORMAT.format(
        Instant.ofEpochSecond(
            Math.floorDiv(nanos, SECOND_NANOS), Math.floorMod(nanos, SECOND_NANOS)));
  }
}
