package io.millrace.api.constraint;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One constraint of a member, with the words AWS uses when it is violated. */
sealed interface Constraint {

  /** What the member must be, or null if the value is fine. */
  @Nullable String violation(Object value);

  /** Fewest and most characters, elements or entries; null where unbounded. */
  record Length(@Nullable Integer min, @Nullable Integer max) implements Constraint {
    @Override
    public @Nullable String violation(Object value) {
      int length = lengthOf(value);
      if (min != null && length < min) {
        return "Member must have length greater than or equal to " + min;
      }
      if (max != null && length > max) {
        return "Member must have length less than or equal to " + max;
      }
      return null;
    }

    private static int lengthOf(Object value) {
      return switch (value) {
        case String text -> text.codePointCount(0, text.length());
        case List<?> list -> list.size();
        case Map<?, ?> map -> map.size();
        case software.amazon.awssdk.core.SdkBytes bytes -> bytes.asByteArrayUnsafe().length;
        default -> throw new IllegalStateException("no length: " + value.getClass());
      };
    }
  }

  /** Smallest and largest number; null where unbounded. */
  record Range(@Nullable BigDecimal min, @Nullable BigDecimal max) implements Constraint {
    @Override
    public @Nullable String violation(Object value) {
      BigDecimal number = new BigDecimal(value.toString());
      if (min != null && number.compareTo(min) < 0) {
        return "Member must have value greater than or equal to " + min.toPlainString();
      }
      if (max != null && number.compareTo(max) > 0) {
        return "Member must have value less than or equal to " + max.toPlainString();
      }
      return null;
    }
  }

  /** A pattern the whole text must match. */
  record Matches(Pattern pattern) implements Constraint {
    @Override
    public @Nullable String violation(Object value) {
      return pattern.matcher((String) value).matches()
          ? null
          : "Member must satisfy regular expression pattern: " + pattern.pattern();
    }
  }

  /** The values of an enumeration. */
  record OneOf(List<String> values) implements Constraint {
    @Override
    public @Nullable String violation(Object value) {
      return values.contains(value.toString())
          ? null
          : "Member must satisfy enum value set: " + values;
    }
  }
}
