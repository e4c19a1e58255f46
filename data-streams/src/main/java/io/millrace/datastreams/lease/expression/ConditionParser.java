package io.millrace.datastreams.lease.expression;

import io.millrace.api.error.AwsException;
import io.millrace.datastreams.lease.value.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Reads condition, filter and key condition expressions.
 *
 * <pre>
 * or      and (OR and)*          and   not (AND not)*          not   NOT not | simple
 * simple  ( or ) | function | operand comparator operand | operand BETWEEN operand AND operand
 *         | operand IN ( operand, … )
 * operand path | :value | size ( path )
 * </pre>
 */
public final class ConditionParser {
  private static final String SIZE = "size";

  private final ExpressionKind kind;
  private final Tokens tokens;
  private final Placeholders placeholders;
  private final PathParser paths;
  private int groupStart = -1;
  private int groupEnd = -1;
  private int depth;

  private ConditionParser(Tokens tokens, Placeholders placeholders) {
    this.kind = tokens.kind();
    this.tokens = tokens;
    this.placeholders = placeholders;
    this.paths = new PathParser(tokens, placeholders);
  }

  /**
   * Parses an expression.
   *
   * @throws AwsException VALIDATION in the service's words
   */
  public static Condition parse(
      ExpressionKind kind, String text, Placeholders placeholders, ExpressionLimits limits) {
    Tokens tokens = new Tokens(kind, text, limits);
    Condition condition = new ConditionParser(tokens, placeholders).or();
    tokens.expectEnd();
    return condition;
  }

  private Condition or() {
    Condition left = and();
    while (tokens.takeKeyword("OR")) {
      tokens.operator("OR");
      left = new Condition.Or(left, and());
    }
    return left;
  }

  private Condition and() {
    Condition left = not();
    while (tokens.takeKeyword("AND")) {
      tokens.operator("AND");
      left = new Condition.And(left, not());
    }
    return left;
  }

  private Condition not() {
    if (tokens.takeKeyword("NOT")) {
      tokens.operator("NOT");
      return new Condition.Not(not());
    }
    if (tokens.peek().isSign("(")) {
      return group();
    }
    if (tokens.peek().kind() == Token.Kind.WORD
        && tokens.peekAfter().isSign("(")
        && !tokens.peek().text().equals(SIZE)) {
      return function();
    }
    return comparison();
  }

  private Condition group() {
    int start = tokens.position();
    tokens.expectSign("(");
    // Brackets are no operators, but without a bound they could nest until the stack ends.
    if (++depth > tokens.limits().maxOperators()) {
      throw kind.invalid("The expression contains too many operators; nested brackets: " + depth);
    }
    Condition inner = or();
    depth--;
    int end = tokens.position();
    tokens.expectSign(")");
    if (groupStart == start + 1 && groupEnd == end - 1) {
      throw kind.invalid("The expression has redundant parentheses;");
    }
    groupStart = start;
    groupEnd = end;
    return inner;
  }

  private Condition comparison() {
    Operand left = operand();
    if (tokens.takeKeyword("BETWEEN")) {
      tokens.operator("BETWEEN");
      Operand low = operand();
      tokens.expectKeyword("AND");
      return between(left, low, operand());
    }
    if (tokens.takeKeyword("IN")) {
      tokens.operator("IN");
      return in(left);
    }
    Token sign = tokens.peek();
    for (Condition.Comparison comparison : Condition.Comparison.values()) {
      if (tokens.takeSign(comparison.sign())) {
        tokens.operator(sign.text());
        return compare(left, comparison, operand());
      }
    }
    throw left instanceof Operand.SizeOf
        ? FunctionNames.misplaced(kind, SIZE)
        : tokens.unexpected();
  }

  private Condition compare(Operand left, Condition.Comparison comparison, Operand right) {
    if (comparison != Condition.Comparison.EQ && comparison != Condition.Comparison.NE) {
      OperandTypes.check(kind, comparison.sign(), left, OperandTypes.ORDERED);
      OperandTypes.check(kind, comparison.sign(), right, OperandTypes.ORDERED);
    }
    checkDistinct("operator: " + comparison.sign(), left, right);
    return new Condition.Compare(left, comparison, right);
  }

  private Condition between(Operand value, Operand low, Operand high) {
    for (Operand operand : List.of(value, low, high)) {
      OperandTypes.check(kind, "BETWEEN", operand, OperandTypes.ORDERED);
    }
    if (low instanceof Operand.OfValue(AttributeValue from)
        && high instanceof Operand.OfValue(AttributeValue to)) {
      String shown =
          "lower bound operand: %s, upper bound operand: %s".formatted(low.shown(), high.shown());
      if (from.type() != to.type()) {
        throw kind.invalid(
            "The BETWEEN operator requires same data type for lower and upper bounds; " + shown);
      }
      if (Values.compare(from, to) > 0) {
        throw kind.invalid(
            "The BETWEEN operator requires upper bound to be greater than or equal to lower"
                + " bound; "
                + shown);
      }
    }
    return new Condition.Between(value, low, high);
  }

  private Condition in(Operand value) {
    List<Operand> choices = new ArrayList<>();
    tokens.expectSign("(");
    do {
      choices.add(operand());
    } while (tokens.takeSign(","));
    tokens.expectSign(")");
    if (choices.size() > tokens.limits().maxChoices()) {
      throw kind.invalid(
          "The IN operator is provided with too many operands; number of operands: "
              + choices.size());
    }
    return new Condition.In(value, choices);
  }

  private Operand operand() {
    Token token = tokens.peek();
    if (token.kind() == Token.Kind.VALUE) {
      tokens.take();
      return new Operand.OfValue(placeholders.value(kind, token.text()));
    }
    if (token.text().equals(SIZE) && tokens.peekAfter().isSign("(")) {
      return size();
    }
    if (token.kind() == Token.Kind.WORD && tokens.peekAfter().isSign("(")) {
      throw FunctionNames.misplaced(kind, token.text());
    }
    if (!paths.isNext()) {
      throw tokens.unexpected();
    }
    return new Operand.OfPath(paths.path());
  }

  private Operand size() {
    tokens.take();
    tokens.operator(SIZE);
    List<Operand> arguments = arguments();
    count(SIZE, arguments, 1);
    Operand of = arguments.getFirst();
    if (of instanceof Operand.SizeOf) {
      throw FunctionNames.misplaced(kind, SIZE);
    }
    return new Operand.SizeOf(of);
  }

  private List<Operand> arguments() {
    List<Operand> arguments = new ArrayList<>();
    tokens.expectSign("(");
    do {
      arguments.add(operand());
    } while (tokens.takeSign(","));
    tokens.expectSign(")");
    return arguments;
  }

  private void count(String function, List<Operand> arguments, int wanted) {
    if (arguments.size() != wanted) {
      throw kind.invalid(
          "Incorrect number of operands for operator or function; operator or function: %s, number"
                  .formatted(function)
              + " of operands: "
              + arguments.size());
    }
  }

  private Condition function() {
    String name = tokens.peek().text();
    Optional<AwsException> refused = FunctionNames.inCondition(kind, name);
    if (refused.isPresent()) {
      throw refused.get();
    }
    tokens.take();
    tokens.operator(name);
    List<Operand> arguments = arguments();
    count(name, arguments, name.startsWith("attribute_") && name.endsWith("exists") ? 1 : 2);
    Operand first = arguments.getFirst();
    return switch (name) {
      case "attribute_exists" -> new Condition.Exists(pathOf(name, first), true);
      case "attribute_not_exists" -> new Condition.Exists(pathOf(name, first), false);
      case "attribute_type" -> new Condition.OfType(pathOf(name, first), typeOf(arguments.get(1)));
      case "begins_with" -> {
        OperandTypes.check(kind, name, first, OperandTypes.PREFIXES);
        OperandTypes.check(kind, name, arguments.get(1), OperandTypes.PREFIXES);
        checkDistinct("operator: " + name, first, arguments.get(1));
        yield new Condition.BeginsWith(first, arguments.get(1));
      }
      default -> {
        checkDistinct("operator: " + name, first, arguments.get(1));
        yield new Condition.Contains(first, arguments.get(1));
      }
    };
  }

  private Path pathOf(String function, Operand operand) {
    if (operand instanceof Operand.OfPath(Path path)) {
      return path;
    }
    throw kind.invalid(
        "Operator or function requires a document path; operator or function: " + function);
  }

  private String typeOf(Operand operand) {
    if (operand instanceof Operand.OfValue(AttributeValue value)) {
      OperandTypes.check(kind, "attribute_type", value, java.util.Set.of("S"));
      if (value.type() == AttributeValue.Type.S && OperandTypes.ALL.contains(value.s())) {
        return value.s();
      }
      throw kind.invalid(
          "Invalid attribute type name found; type: %s, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}"
              .formatted(value.s()));
    }
    throw kind.invalid(
        "Incorrect operand type for operator or function; operator or function: attribute_type,"
            + " operand type: path");
  }

  private void checkDistinct(String operator, Operand first, Operand second) {
    if (first instanceof Operand.OfPath && first.equals(second)) {
      throw kind.invalid(
          "The first operand must be distinct from the remaining operands for this operator or"
              + " function; %s, first operand: %s".formatted(operator, first.shown()));
    }
  }
}
