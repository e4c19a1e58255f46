package io.millrace.datastreams.lease.expression;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.datastreams.lease.value.ValueCheck;
import io.millrace.datastreams.lease.value.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeAction;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.AttributeValueUpdate;
import software.amazon.awssdk.services.dynamodb.model.ComparisonOperator;
import software.amazon.awssdk.services.dynamodb.model.ConditionalOperator;
import software.amazon.awssdk.services.dynamodb.model.ExpectedAttributeValue;

/**
 * Conditions and updates from before there were expressions, as the trees of expressions: {@code
 * Expected}, {@code KeyConditions}, {@code QueryFilter}, {@code ScanFilter}, {@code
 * AttributeUpdates}.
 */
public final class LegacyForms {
  private LegacyForms() {}

  /**
   * The condition of {@code Expected}.
   *
   * @param operator how several are joined; AND when absent
   * @throws AwsException VALIDATION
   */
  public static Optional<Condition> expected(
      Map<String, ExpectedAttributeValue> expected, @Nullable ConditionalOperator operator) {
    List<Condition> parts = new ArrayList<>();
    new TreeMap<>(expected).forEach((name, one) -> parts.add(expected(name, one)));
    return joined(parts, operator);
  }

  private static Condition expected(String name, ExpectedAttributeValue expected) {
    Path path = Path.of(name);
    if (expected.comparisonOperator() != null) {
      return comparison(name, expected);
    }
    if (Boolean.FALSE.equals(expected.exists())) {
      if (expected.value() != null) {
        throw invalid("Value cannot be used when Exists is false for Attribute: " + name);
      }
      return new Condition.Exists(path, false);
    }
    if (expected.value() == null) {
      throw invalid(
          expected.exists() == null
              ? "Value must be provided when Exists is null for Attribute: " + name
              : "Value must be provided when Exists is true for Attribute: " + name);
    }
    return equal(path, ValueCheck.normal(expected.value()));
  }

  private static Condition comparison(String name, ExpectedAttributeValue expected) {
    if (expected.exists() != null) {
      throw invalid("Exists cannot be used with ComparisonOperator for Attribute: " + name);
    }
    if (expected.value() != null && expected.hasAttributeValueList()) {
      throw invalid("Value and AttributeValueList cannot be used together for Attribute: " + name);
    }
    List<AttributeValue> operands =
        expected.value() == null ? expected.attributeValueList() : List.of(expected.value());
    ComparisonOperator operator = expected.comparisonOperator();
    if (operands.isEmpty()
        && operator != ComparisonOperator.NULL
        && operator != ComparisonOperator.NOT_NULL) {
      throw invalid(
          "Value or AttributeValueList must be used with ComparisonOperator: %s for Attribute: %s"
              .formatted(operator, name));
    }
    return comparison(Path.of(name), expected.comparisonOperatorAsString(), operands);
  }

  private static Condition equal(Path path, AttributeValue value) {
    return new Condition.Compare(
        new Operand.OfPath(path), Condition.Comparison.EQ, new Operand.OfValue(value));
  }

  /**
   * The condition of {@code KeyConditions}, {@code QueryFilter} or {@code ScanFilter}.
   *
   * @param operator how several are joined; AND when absent
   * @throws AwsException VALIDATION
   */
  public static Optional<Condition> conditions(
      Map<String, software.amazon.awssdk.services.dynamodb.model.Condition> conditions,
      @Nullable ConditionalOperator operator) {
    List<Condition> parts = new ArrayList<>();
    new TreeMap<>(conditions)
        .forEach(
            (name, one) ->
                parts.add(
                    comparison(
                        Path.of(name),
                        one.comparisonOperatorAsString(),
                        one.attributeValueList())));
    return joined(parts, operator);
  }

  private static Optional<Condition> joined(
      List<Condition> parts, @Nullable ConditionalOperator operator) {
    if (operator != null && parts.size() < 2) {
      throw AwsError.VALIDATION.because(
          parts.isEmpty()
              ? "ConditionalOperator cannot be used without Filter or Expected"
              : "ConditionalOperator can only be used when Filter or Expected has two or more"
                  + " elements");
    }
    return parts.stream()
        .reduce(
            (left, right) ->
                operator == ConditionalOperator.OR
                    ? new Condition.Or(left, right)
                    : new Condition.And(left, right));
  }

  private static Condition comparison(Path path, String operator, List<AttributeValue> given) {
    List<Operand> operands = new ArrayList<>();
    for (AttributeValue value : given) {
      operands.add(new Operand.OfValue(ValueCheck.normal(value)));
    }
    Operand of = new Operand.OfPath(path);
    ComparisonOperator known = ComparisonOperator.fromValue(operator);
    checkCount(known, operands.size());
    return switch (known) {
      case EQ -> new Condition.Compare(of, Condition.Comparison.EQ, operands.getFirst());
      case NE -> new Condition.Compare(of, Condition.Comparison.NE, operands.getFirst());
      case LT -> ordered(of, Condition.Comparison.LT, operands);
      case LE -> ordered(of, Condition.Comparison.LE, operands);
      case GT -> ordered(of, Condition.Comparison.GT, operands);
      case GE -> ordered(of, Condition.Comparison.GE, operands);
      case NULL -> new Condition.Exists(path, false);
      case NOT_NULL -> new Condition.Exists(path, true);
      case IN -> new Condition.In(of, operands);
      case BETWEEN -> between(of, given, operands);
      case BEGINS_WITH -> {
        check(known, operands, OperandTypes.PREFIXES);
        yield new Condition.BeginsWith(of, operands.getFirst());
      }
      case CONTAINS -> new Condition.Contains(of, operands.getFirst());
      case NOT_CONTAINS ->
          new Condition.And(
              new Condition.Exists(path, true),
              new Condition.Not(new Condition.Contains(of, operands.getFirst())));
      case UNKNOWN_TO_SDK_VERSION -> throw invalid("Unknown ComparisonOperator " + operator);
    };
  }

  private static Condition ordered(
      Operand of, Condition.Comparison comparison, List<Operand> operands) {
    check(ComparisonOperator.fromValue(comparison.name()), operands, OperandTypes.ORDERED);
    return new Condition.Compare(of, comparison, operands.getFirst());
  }

  private static Condition between(Operand of, List<AttributeValue> given, List<Operand> operands) {
    check(ComparisonOperator.BETWEEN, operands, OperandTypes.ORDERED);
    AttributeValue low = ValueCheck.normal(given.get(0));
    AttributeValue high = ValueCheck.normal(given.get(1));
    if (low.type() != high.type()) {
      throw invalid("AttributeValues inside AttributeValueList must be of same type");
    }
    if (Values.compare(low, high) > 0) {
      throw AwsError.VALIDATION.because(
          "The BETWEEN condition was provided a range where the lower bound is greater than the"
              + " upper bound");
    }
    return new Condition.Between(of, operands.get(0), operands.get(1));
  }

  private static void check(
      ComparisonOperator operator, List<Operand> operands, java.util.Set<String> types) {
    for (Operand operand : operands) {
      if (operand instanceof Operand.OfValue(AttributeValue value)
          && !types.contains(Values.typeName(value))) {
        throw invalid(
            "ComparisonOperator %s is not valid for %s AttributeValue type"
                .formatted(operator, Values.typeName(value)));
      }
    }
  }

  private static void checkCount(ComparisonOperator operator, int count) {
    boolean right =
        switch (operator) {
          case NULL, NOT_NULL -> count == 0;
          case BETWEEN -> count == 2;
          case IN -> count >= 1;
          default -> count == 1;
        };
    if (!right) {
      throw invalid(
          "Invalid number of argument(s) for the %s ComparisonOperator".formatted(operator));
    }
  }

  /**
   * The changes of {@code AttributeUpdates}.
   *
   * @throws AwsException VALIDATION
   */
  public static List<UpdateAction> updates(Map<String, AttributeValueUpdate> updates) {
    List<UpdateAction> actions = new ArrayList<>();
    updates.forEach((name, update) -> actions.add(action(Path.of(name), update)));
    return actions;
  }

  private static UpdateAction action(Path path, AttributeValueUpdate update) {
    AttributeAction action = update.action() == null ? AttributeAction.PUT : update.action();
    if (update.value() == null) {
      if (action == AttributeAction.DELETE) {
        return new UpdateAction.Remove(path);
      }
      throw invalid("Only DELETE action is allowed when no attribute value is specified");
    }
    AttributeValue value = ValueCheck.normal(update.value());
    String type = Values.typeName(value);
    return switch (action) {
      case PUT -> new UpdateAction.Put(path, new UpdateAction.NewValue.OfValue(value));
      case ADD -> {
        if (!OperandTypes.ADDABLE.contains(type)) {
          throw invalid("ADD action is not supported for the type " + OperandTypes.longName(value));
        }
        yield new UpdateAction.Add(path, value);
      }
      case DELETE -> {
        if (!OperandTypes.SETS.contains(type)) {
          throw invalid(
              "DELETE action with value is not supported for the type "
                  + OperandTypes.longName(value));
        }
        yield new UpdateAction.Delete(path, value);
      }
      case UNKNOWN_TO_SDK_VERSION -> throw invalid("Unknown Action " + update.actionAsString());
    };
  }

  private static AwsException invalid(String what) {
    return AwsError.VALIDATION.because("One or more parameter values were invalid: " + what);
  }
}
