package io.millrace.ingest.edge;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.BitSet;

/**
 * Times of the day on some days, written as a cron expression of the Quartz scheduler: second,
 * minute, hour, day of the month, month, day of the week and, if wanted, year; each {@code *} or a
 * list of values, ranges {@code a-b} and steps {@code a/n}. One of the two fields for days is
 * {@code ?}. Days may also be {@code L}, {@code L-n}, {@code LW}, {@code nW} of the month, and
 * {@code nL} or {@code n#k} of the week, whose first day, 1, is Sunday.
 */
final class CronExpression {
  private static final String MONTHS = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC";
  private static final String DAYS = "SUNMONTUEWEDTHUFRISAT";
  private static final int FIRST_YEAR = 1970;
  private static final int LAST_YEAR = 2099;

  private final BitSet seconds;
  private final BitSet minutes;
  private final BitSet hours;
  private final CronDays days;
  private final BitSet months;
  private final BitSet years;

  private CronExpression(String[] fields) {
    seconds = new CronField("second", 0, 59, "").read(fields[0]);
    minutes = new CronField("minute", 0, 59, "").read(fields[1]);
    hours = new CronField("hour", 0, 23, "").read(fields[2]);
    months = new CronField("month", 1, 12, MONTHS).read(fields[4]);
    boolean anyOfWeek = fields[5].equals("?");
    if (fields[3].equals("?") == anyOfWeek) {
      throw new IllegalArgumentException(
          "one of day of the month and day of the week must be ?, and only one");
    }
    days =
        anyOfWeek
            ? CronDays.ofMonth(fields[3])
            : CronDays.ofWeek(fields[5], new CronField("day of the week", 1, 7, DAYS));
    years =
        new CronField("year", FIRST_YEAR, LAST_YEAR, "").read(fields.length == 7 ? fields[6] : "*");
  }

  /**
   * Reads an expression.
   *
   * @throws IllegalArgumentException that says what is wrong
   */
  static CronExpression parse(String text) {
    String[] fields = text.strip().toUpperCase(java.util.Locale.ROOT).split("\\s+");
    if (fields.length < 6 || fields.length > 7) {
      throw new IllegalArgumentException(
          "it has %d fields, not six or seven".formatted(fields.length));
    }
    return new CronExpression(fields);
  }

  /** Whether one of its times is after an instant and not after another, days apart at most. */
  boolean firesWithin(LocalDateTime after, LocalDateTime until) {
    for (LocalDate day = after.toLocalDate();
        !day.isAfter(until.toLocalDate());
        day = day.plusDays(1)) {
      if (isOn(day)) {
        int from = day.equals(after.toLocalDate()) ? after.toLocalTime().toSecondOfDay() + 1 : 0;
        int next = next(from);
        if (next >= 0 && !day.atTime(LocalTime.ofSecondOfDay(next)).isAfter(until)) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean isOn(LocalDate day) {
    return years.get(day.getYear()) && months.get(day.getMonthValue()) && days.test(day);
  }

  /** The first of its seconds of a day from one on, -1 without one. */
  private int next(int secondOfDay) {
    int hour = hours.nextSetBit(secondOfDay / 3600);
    int minute = 0;
    int second = 0;
    if (hour == secondOfDay / 3600) {
      minute = minutes.nextSetBit(secondOfDay / 60 % 60);
      second = minute == secondOfDay / 60 % 60 ? seconds.nextSetBit(secondOfDay % 60) : 0;
      if (minute >= 0 && second < 0) {
        minute = minutes.nextSetBit(minute + 1);
        second = 0;
      }
      if (minute < 0) {
        hour = hours.nextSetBit(hour + 1);
        minute = 0;
        second = 0;
      }
    }
    if (hour < 0) {
      return -1;
    }
    return hour * 3600 + minutes.nextSetBit(minute) * 60 + seconds.nextSetBit(second);
  }
}
