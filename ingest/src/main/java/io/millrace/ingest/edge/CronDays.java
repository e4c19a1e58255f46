package io.millrace.ingest.edge;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.BitSet;
import java.util.function.Predicate;

/** Days that a cron expression means, by day of the month or of the week. */
interface CronDays extends Predicate<LocalDate> {
  /** Reads a field of days of the month. */
  static CronDays ofMonth(String text) {
    CronField field = new CronField("day of the month", 1, 31, "");
    if (text.equals("LW")) {
      return day -> day.equals(weekdayNear(day.withDayOfMonth(day.lengthOfMonth())));
    }
    if (text.equals("L")) {
      return day -> day.getDayOfMonth() == day.lengthOfMonth();
    }
    if (text.startsWith("L-")) {
      int before = field.value(text.substring(2));
      return day -> day.getDayOfMonth() == day.lengthOfMonth() - before;
    }
    if (text.endsWith("W")) {
      int near = field.value(text.substring(0, text.length() - 1));
      return day ->
          near <= day.lengthOfMonth() && day.equals(weekdayNear(day.withDayOfMonth(near)));
    }
    BitSet days = field.read(text);
    return day -> days.get(day.getDayOfMonth());
  }

  /** Monday to Friday nearest to a day, in the same month. */
  private static LocalDate weekdayNear(LocalDate day) {
    if (day.getDayOfWeek() == DayOfWeek.SATURDAY) {
      return day.getDayOfMonth() == 1 ? day.plusDays(2) : day.minusDays(1);
    }
    if (day.getDayOfWeek() == DayOfWeek.SUNDAY) {
      return day.getDayOfMonth() == day.lengthOfMonth() ? day.minusDays(2) : day.plusDays(1);
    }
    return day;
  }

  /** Reads a field of days of the week. */
  static CronDays ofWeek(String text, CronField field) {
    if (text.equals("L")) {
      return day -> day.getDayOfWeek() == DayOfWeek.SATURDAY;
    }
    int hash = text.indexOf('#');
    if (hash > 0) {
      int weekday = field.value(text.substring(0, hash));
      int week = new CronField("week of the month", 1, 5, "").value(text.substring(hash + 1));
      return day -> number(day) == weekday && (day.getDayOfMonth() - 1) / 7 + 1 == week;
    }
    if (text.length() > 1 && text.endsWith("L")) {
      int weekday = field.value(text.substring(0, text.length() - 1));
      return day -> number(day) == weekday && day.getDayOfMonth() + 7 > day.lengthOfMonth();
    }
    BitSet days = field.read(text);
    return day -> days.get(number(day));
  }

  /** Sunday is 1. */
  private static int number(LocalDate day) {
    return day.getDayOfWeek().getValue() % 7 + 1;
  }
}
