package io.millrace.datastreams.lease.expression;

import io.millrace.datastreams.lease.value.Values;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What a condition compares. */
public sealed interface Operand {
  /** A value of the item. */
  record OfPath(Path path) implements Operand {}

  /** A value of the request. */
  record OfValue(AttributeValue value) implements Operand {}

  /** The length of a value. */
  record SizeOf(Operand of) implements Operand {}

  /** Its value, if it has one. */
  default @Nullable AttributeValue in(Map<String, AttributeValue> item) {
    return switch (this) {
      case OfPath(Path path) -> path.find(item);
      case OfValue(AttributeValue value) -> value;
      case SizeOf(Operand of) -> {
        AttributeValue measured = of.in(item);
        OptionalInt length = measured == null ? OptionalInt.empty() : Values.length(measured);
        yield length.isPresent() ? AttributeValue.fromN(Integer.toString(length.getAsInt())) : null;
      }
    };
  }

  /** The top-level attribute it looks at, if any. */
  default Optional<String> attribute() {
    return switch (this) {
      case OfPath(Path path) -> Optional.of(path.attribute());
      case OfValue value -> Optional.empty();
      case SizeOf(Operand of) -> of.attribute();
    };
  }

  /** As errors show it. */
  default String shown() {
    return switch (this) {
      case OfPath(Path path) -> path.toString();
      case OfValue(AttributeValue value) -> Placeholders.shown(value);
      case SizeOf(Operand of) -> "size(" + of.shown() + ")";
    };
  }
}
