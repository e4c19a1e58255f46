package io.millrace.ingest.rtsp.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Header lines in order; names have no case.
 *
 * @param lines as they came
 */
public record RtspHeaders(List<Line> lines) {
  /** No headers. */
  public static final RtspHeaders NONE = new RtspHeaders(List.of());

  /** {@code name: value}. */
  public record Line(String name, String value) {}

  public RtspHeaders {
    lines = List.copyOf(lines);
  }

  /** The first value of a header. */
  public Optional<String> value(String name) {
    for (Line line : lines) {
      if (line.name.equalsIgnoreCase(name)) {
        return Optional.of(line.value);
      }
    }
    return Optional.empty();
  }

  /** All values of a header, one for each line. */
  public List<String> values(String name) {
    return lines.stream()
        .filter(line -> line.name.equalsIgnoreCase(name))
        .map(Line::value)
        .toList();
  }

  /** These with one more at the end. */
  public RtspHeaders with(String name, String value) {
    List<Line> more = new ArrayList<>(lines);
    more.add(new Line(name, value));
    return new RtspHeaders(more);
  }
}
