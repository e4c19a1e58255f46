package io.millrace.datastreams.lease.expression;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.datastreams.lease.value.Numbers;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** One change of an update. */
public sealed interface UpdateAction {
  /** What it changes. */
  Path path();

  /** Sets a value. */
  record Put(Path path, NewValue value) implements UpdateAction {}

  /** Removes a value. */
  record Remove(Path path) implements UpdateAction {}

  /** Adds to a number, or members to a set. */
  record Add(Path path, AttributeValue value) implements UpdateAction {}

  /** Takes members out of a set. */
  record Delete(Path path, AttributeValue value) implements UpdateAction {}

  /** Where a value to set comes from. */
  sealed interface NewValue {
    /** A value of the request. */
    record OfValue(AttributeValue value) implements NewValue {}

    /** A value of the item. */
    record OfPath(Path path) implements NewValue {}

    /** The value of the item or, where there is none, another. */
    record IfNotExists(Path path, NewValue otherwise) implements NewValue {}

    /** Two lists as one. */
    record Appended(NewValue first, NewValue second) implements NewValue {}

    /** A sum or, with {@code minus}, a difference. */
    record Sum(NewValue left, NewValue right, boolean minus) implements NewValue {}

    /**
     * The value it is for an item as it was before the update.
     *
     * @throws AwsException VALIDATION if the item lacks it, or has another type
     */
    default AttributeValue in(Map<String, AttributeValue> item) {
      return switch (this) {
        case OfValue(AttributeValue value) -> value;
        case OfPath(Path path) -> existing(path.find(item));
        case IfNotExists(Path path, NewValue otherwise) -> {
          AttributeValue present = path.find(item);
          yield present == null ? otherwise.in(item) : present;
        }
        case Appended(NewValue first, NewValue second) -> {
          AttributeValue head = typed(first.in(item), AttributeValue.Type.L);
          AttributeValue tail = typed(second.in(item), AttributeValue.Type.L);
          List<AttributeValue> all = new ArrayList<>(head.l());
          all.addAll(tail.l());
          yield AttributeValue.fromL(all);
        }
        case Sum(NewValue left, NewValue right, boolean minus) -> {
          BigDecimal a = new BigDecimal(typed(left.in(item), AttributeValue.Type.N).n());
          BigDecimal b = new BigDecimal(typed(right.in(item), AttributeValue.Type.N).n());
          yield number(minus ? a.subtract(b) : a.add(b));
        }
      };
    }

    private static AttributeValue existing(@Nullable AttributeValue value) {
      if (value == null) {
        throw AwsError.VALIDATION.because(
            "The provided expression refers to an attribute that does not exist in the item");
      }
      return value;
    }

    private static AttributeValue typed(AttributeValue value, AttributeValue.Type type) {
      if (value.type() != type) {
        throw wrongType();
      }
      return value;
    }
  }

  /** A number that may be kept. */
  static AttributeValue number(BigDecimal number) {
    return AttributeValue.fromN(Numbers.text(Numbers.checked(number)));
  }

  /** What is said when the item's value does not go with the change. */
  static AwsException wrongType() {
    return AwsError.VALIDATION.because(
        "An operand in the update expression has an incorrect data type");
  }
}
