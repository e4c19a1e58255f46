package io.millrace.datastreams.lease.expression;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Where a value stands in an item.
 *
 * @param steps from the item down; the first is a name
 */
public record Path(List<Step> steps) {
  /** One element of a path. */
  public sealed interface Step {}

  /** A member of a map, or a top-level attribute. */
  public record Name(String name) implements Step {
    @Override
    public String toString() {
      return name;
    }
  }

  /** A member of a list, from 0. */
  public record Index(int index) implements Step {
    @Override
    public String toString() {
      return "[" + index + "]";
    }
  }

  public Path {
    steps = List.copyOf(steps);
    if (steps.isEmpty() || !(steps.getFirst() instanceof Name)) {
      throw new IllegalArgumentException("a path begins with a name");
    }
  }

  /** The path of a top-level attribute. */
  public static Path of(String attribute) {
    return new Path(List.of(new Name(attribute)));
  }

  /** The top-level attribute it begins with. */
  public String attribute() {
    return ((Name) steps.getFirst()).name();
  }

  /** Whether it is a top-level attribute. */
  public boolean isAttribute() {
    return steps.size() == 1;
  }

  /** The value there, if there is one. */
  public @Nullable AttributeValue find(Map<String, AttributeValue> attributes) {
    AttributeValue value = attributes.get(attribute());
    for (int i = 1; i < steps.size() && value != null; i++) {
      value = member(value, steps.get(i));
    }
    return value;
  }

  private static @Nullable AttributeValue member(AttributeValue value, Step step) {
    return switch (step) {
      case Name(String name) -> value.hasM() ? value.m().get(name) : null;
      case Index(int index) ->
          value.hasL() && index < value.l().size() ? value.l().get(index) : null;
    };
  }

  /** As errors show it. */
  @Override
  public String toString() {
    return steps.stream().map(Object::toString).collect(Collectors.joining(", ", "[", "]"));
  }
}
