package io.millrace.datastreams.lease.expression;

import io.millrace.datastreams.lease.value.Values;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What types operators take, as far as it can be said without an item. */
final class OperandTypes {
  static final Set<String> ORDERED = Set.of("S", "N", "B");
  static final Set<String> PREFIXES = Set.of("S", "B");
  static final Set<String> NUMBERS = Set.of("N");
  static final Set<String> LISTS = Set.of("L");
  static final Set<String> SETS = Set.of("SS", "NS", "BS");
  static final Set<String> ADDABLE = Set.of("N", "SS", "NS", "BS");
  static final Set<String> ALL = Set.of("S", "N", "B", "SS", "NS", "BS", "M", "L", "BOOL", "NULL");

  private OperandTypes() {}

  /** Refuses a value of the request whose type the operator never takes. */
  static void check(ExpressionKind kind, String operator, Operand operand, Set<String> allowed) {
    if (operand instanceof Operand.OfValue(AttributeValue value)) {
      check(kind, operator, value, allowed);
    } else if (operand instanceof Operand.SizeOf && !allowed.contains("N")) {
      throw wrong(kind, operator, "N");
    }
  }

  static void check(
      ExpressionKind kind, String operator, AttributeValue value, Set<String> allowed) {
    String type = Values.typeName(value);
    if (!allowed.contains(type)) {
      throw wrong(kind, operator, type);
    }
  }

  /** The type in the longer words that some errors have. */
  static String longName(AttributeValue value) {
    return switch (value.type()) {
      case S -> "STRING";
      case N -> "NUMBER";
      case B -> "BINARY";
      case SS -> "STRING_SET";
      case NS -> "NUMBER_SET";
      case BS -> "BINARY_SET";
      case M -> "MAP";
      case L -> "LIST";
      case BOOL -> "BOOLEAN";
      case NUL -> "NULL";
      case UNKNOWN_TO_SDK_VERSION -> "UNKNOWN";
    };
  }

  private static RuntimeException wrong(ExpressionKind kind, String operator, String type) {
    return kind.invalid(
        "Incorrect operand type for operator or function; operator or function: %s, operand type:"
                .formatted(operator)
            + " "
            + type);
  }
}
