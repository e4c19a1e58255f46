package io.millrace.ingest.edge;

import java.util.BitSet;

/**
 * One field of a cron expression.
 *
 * @param name for error texts
 * @param first smallest value
 * @param last largest value
 * @param names of the values from {@code first} on, three letters each, or nothing
 */
record CronField(String name, int first, int last, String names) {
  /** The values that a list of values, ranges and steps means. */
  BitSet read(String text) {
    BitSet values = new BitSet();
    for (String item : text.split(",", -1)) {
      add(item, values);
    }
    return values;
  }

  private void add(String item, BitSet values) {
    int slash = item.indexOf('/');
    String range = slash < 0 ? item : item.substring(0, slash);
    int step = slash < 0 ? 1 : number(item.substring(slash + 1), 1, last - first + 1);
    int dash = range.indexOf('-');
    int from;
    int to;
    if (range.equals("*") || (range.isEmpty() && slash == 0)) {
      from = first;
      to = last;
    } else if (dash > 0) {
      from = value(range.substring(0, dash));
      to = value(range.substring(dash + 1));
    } else {
      from = value(range);
      to = slash < 0 ? from : last;
    }
    // A range that ends before it begins goes on from the start: FRI-MON, 22-2.
    int span = to >= from ? to - from : to - from + last - first + 1;
    for (int i = 0; i <= span; i += step) {
      values.set(first + (from - first + i) % (last - first + 1));
    }
  }

  /** One value, by number or name. */
  int value(String text) {
    int at = text.length() == 3 ? names.indexOf(text) : -1;
    return at >= 0 && at % 3 == 0 ? first + at / 3 : number(text, first, last);
  }

  private int number(String text, int least, int most) {
    int value = text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : -1;
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s has '%s' where a value from %d to %d belongs".formatted(name, text, least, most));
    }
    return value;
  }
}
