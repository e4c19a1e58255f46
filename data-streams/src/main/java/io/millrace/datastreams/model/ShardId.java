package io.millrace.datastreams.model;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Text form of shard numbers: {@code shardId-} and twelve digits. */
public final class ShardId {
  private static final Pattern FORM = Pattern.compile("(?:shardId-)?0*(\\d{1,9})");

  private ShardId() {}

  /** The text of a number. */
  public static String of(int number) {
    return "shardId-%012d".formatted(number);
  }

  /** The number of a text, which may also be digits alone; empty if it is neither. */
  public static OptionalInt parse(String text) {
    Matcher form = FORM.matcher(text);
    return form.matches() ? OptionalInt.of(Integer.parseInt(form.group(1))) : OptionalInt.empty();
  }
}
