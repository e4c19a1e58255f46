package io.millrace.tests.bench;

import java.util.List;
import java.util.Locale;

/** Prints a Markdown table row by row, as results come. */
final class Table {
  /** Prints the head. */
  void head(String... columns) {
    row((Object[]) columns);
    row(List.of(columns).stream().map(column -> "---").toArray());
  }

  /** Prints a row; doubles get two decimals. */
  void row(Object... cells) {
    StringBuilder line = new StringBuilder("|");
    for (Object cell : cells) {
      line.append(' ')
          .append(cell instanceof Double value ? String.format(Locale.ROOT, "%.2f", value) : cell)
          .append(" |");
    }
    System.out.println(line);
  }

  /** Prints a line of prose. */
  void note(String text) {
    System.out.println(text);
  }

  /** Value below which the given share of the ascending values lie. */
  static double percentile(List<Double> ascending, double share) {
    if (ascending.isEmpty()) {
      return Double.NaN;
    }
    return ascending.get(
        (int) Math.min(ascending.size() - 1, Math.floor(share * ascending.size())));
  }
}
