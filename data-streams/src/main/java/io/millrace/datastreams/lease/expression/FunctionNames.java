package io.millrace.datastreams.lease.expression;

import io.millrace.api.error.AwsException;
import java.util.Optional;
import java.util.Set;

/** The functions of the language, and where each may stand. */
final class FunctionNames {
  private static final Set<String> CONDITIONS =
      Set.of(
          "attribute_exists", "attribute_not_exists", "attribute_type", "begins_with", "contains");
  private static final Set<String> UPDATES = Set.of("if_not_exists", "list_append");

  private FunctionNames() {}

  /** Why a function cannot be a condition; nothing if it can. */
  static Optional<AwsException> inCondition(ExpressionKind kind, String name) {
    return CONDITIONS.contains(name) ? Optional.empty() : Optional.of(misplaced(kind, name));
  }

  /** Why a function cannot give a value to SET; nothing if it can. */
  static Optional<AwsException> inUpdate(ExpressionKind kind, String name) {
    return UPDATES.contains(name) ? Optional.empty() : Optional.of(misplaced(kind, name));
  }

  /** What is said of a function that may not stand where it does. */
  static AwsException misplaced(ExpressionKind kind, String name) {
    boolean ofCondition = CONDITIONS.contains(name) || name.equals("size");
    String what;
    if (UPDATES.contains(name) && kind != ExpressionKind.UPDATE) {
      what = "The function is not allowed in a condition expression";
    } else if (ofCondition && kind == ExpressionKind.UPDATE) {
      what = "The function is not allowed in an update expression";
    } else if (ofCondition || UPDATES.contains(name)) {
      what = "The function is not allowed to be used this way in an expression";
    } else {
      what = "Invalid function name";
    }
    return kind.invalid(what + "; function: " + name);
  }
}
