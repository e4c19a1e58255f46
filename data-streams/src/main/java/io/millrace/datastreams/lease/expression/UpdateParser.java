package io.millrace.datastreams.lease.expression;

import io.millrace.api.error.AwsException;
import io.millrace.datastreams.lease.expression.UpdateAction.NewValue;
import io.millrace.datastreams.lease.value.Values;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Reads update expressions.
 *
 * <pre>
 * update  section+, each keyword once
 * section SET path = value, … | REMOVE path, … | ADD path :value, … | DELETE path :value, …
 * value   operand [(+ | -) operand]
 * operand path | :value | if_not_exists ( path , value ) | list_append ( value , value )
 * </pre>
 */
public final class UpdateParser {
  private final ExpressionKind kind = ExpressionKind.UPDATE;
  private final Tokens tokens;
  private final Placeholders placeholders;
  private final PathParser paths;
  private final List<UpdateAction> actions = new ArrayList<>();

  private UpdateParser(Tokens tokens, Placeholders placeholders) {
    this.tokens = tokens;
    this.placeholders = placeholders;
    this.paths = new PathParser(tokens, placeholders);
  }

  /**
   * Parses an expression.
   *
   * @throws AwsException VALIDATION in the service's words
   */
  public static List<UpdateAction> parse(
      String text, Placeholders placeholders, ExpressionLimits limits) {
    Tokens tokens = new Tokens(ExpressionKind.UPDATE, text, limits);
    UpdateParser parser = new UpdateParser(tokens, placeholders);
    parser.sections();
    PathOverlap.check(
        ExpressionKind.UPDATE, parser.actions.stream().map(UpdateAction::path).toList());
    return List.copyOf(parser.actions);
  }

  private void sections() {
    Set<String> seen = new HashSet<>();
    do {
      Token token = tokens.peek();
      String keyword = token.text().toUpperCase(Locale.ROOT);
      if (token.kind() != Token.Kind.WORD
          || !Set.of("SET", "REMOVE", "ADD", "DELETE").contains(keyword)) {
        throw tokens.unexpected();
      }
      tokens.take();
      if (!seen.add(keyword)) {
        throw kind.invalid(
            "The \"%s\" section can only be used once in an update expression;".formatted(keyword));
      }
      do {
        actions.add(action(keyword));
      } while (tokens.takeSign(","));
    } while (tokens.peek().kind() != Token.Kind.END);
  }

  private UpdateAction action(String keyword) {
    Path path = paths.path();
    tokens.operator(keyword);
    return switch (keyword) {
      case "SET" -> {
        tokens.expectSign("=");
        yield new UpdateAction.Put(path, value());
      }
      case "REMOVE" -> new UpdateAction.Remove(path);
      case "ADD" -> new UpdateAction.Add(path, literal(keyword, OperandTypes.ADDABLE));
      default -> new UpdateAction.Delete(path, literal(keyword, OperandTypes.SETS));
    };
  }

  private AttributeValue literal(String keyword, Set<String> types) {
    Token token = tokens.peek();
    if (token.kind() != Token.Kind.VALUE) {
      throw tokens.unexpected();
    }
    tokens.take();
    AttributeValue value = placeholders.value(kind, token.text());
    if (!types.contains(Values.typeName(value))) {
      throw kind.invalid(
          "Incorrect operand type for operator or function; operator: %s, operand type: %s, typeSet:"
                  .formatted(keyword, OperandTypes.longName(value))
              + " ALLOWED_FOR_%s_OPERAND".formatted(keyword));
    }
    return value;
  }

  private NewValue value() {
    NewValue left = operand();
    for (String sign : List.of("+", "-")) {
      if (tokens.takeSign(sign)) {
        tokens.operator(sign);
        NewValue right = operand();
        check(sign, left, OperandTypes.NUMBERS);
        check(sign, right, OperandTypes.NUMBERS);
        return new NewValue.Sum(left, right, sign.equals("-"));
      }
    }
    return left;
  }

  private NewValue operand() {
    Token token = tokens.peek();
    if (token.kind() == Token.Kind.VALUE) {
      tokens.take();
      return new NewValue.OfValue(placeholders.value(kind, token.text()));
    }
    if (token.kind() == Token.Kind.WORD && tokens.peekAfter().isSign("(")) {
      return function(token.text());
    }
    if (!paths.isNext()) {
      throw tokens.unexpected();
    }
    return new NewValue.OfPath(paths.path());
  }

  private NewValue function(String name) {
    Optional<AwsException> refused = FunctionNames.inUpdate(kind, name);
    if (refused.isPresent()) {
      throw refused.get();
    }
    tokens.take();
    tokens.operator(name);
    tokens.expectSign("(");
    List<NewValue> arguments = new ArrayList<>();
    do {
      arguments.add(operand());
    } while (tokens.takeSign(","));
    tokens.expectSign(")");
    if (arguments.size() != 2) {
      throw kind.invalid(
          "Incorrect number of operands for operator or function; operator or function: %s, number"
                  .formatted(name)
              + " of operands: "
              + arguments.size());
    }
    if (name.equals("if_not_exists")) {
      if (arguments.getFirst() instanceof NewValue.OfPath(Path path)) {
        return new NewValue.IfNotExists(path, arguments.get(1));
      }
      throw kind.invalid(
          "Operator or function requires a document path; operator or function: " + name);
    }
    arguments.forEach(argument -> check(name, argument, OperandTypes.LISTS));
    return new NewValue.Appended(arguments.get(0), arguments.get(1));
  }

  private void check(String operator, NewValue operand, Set<String> types) {
    if (operand instanceof NewValue.OfValue(AttributeValue value)) {
      OperandTypes.check(kind, operator, value, types);
    }
  }
}
