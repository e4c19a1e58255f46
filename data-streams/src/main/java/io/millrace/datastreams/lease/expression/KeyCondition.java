package io.millrace.datastreams.lease.expression;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.datastreams.lease.value.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Which items a query reads.
 *
 * @param hash value of the hash key
 * @param range what the range key must be
 */
public record KeyCondition(AttributeValue hash, Optional<Condition> range) {
  /**
   * A key attribute and its type.
   *
   * @param type S, N or B
   */
  public record Key(String name, String type) {}

  /**
   * Finds it in a condition.
   *
   * @throws AwsException VALIDATION if the condition is more or less than that
   */
  public static KeyCondition of(Condition condition, Key hash, Optional<Key> range) {
    List<Condition> parts = new ArrayList<>();
    collect(condition, parts);
    Map<String, Condition> byKey = new LinkedHashMap<>();
    for (Condition part : parts) {
      if (byKey.put(keyOf(part), normal(part)) != null) {
        throw AwsError.VALIDATION.because(
            "KeyConditionExpressions must only contain one condition per key");
      }
    }
    if (byKey.size() > 2) {
      throw AwsError.VALIDATION.because("Conditions can be of length 1 or 2 only");
    }
    Condition onHash = byKey.remove(hash.name());
    if (onHash == null) {
      throw missed(hash);
    }
    if (!(onHash
            instanceof
            Condition.Compare(
                Operand left,
                Condition.Comparison comparison,
                Operand.OfValue(AttributeValue value)))
        || comparison != Condition.Comparison.EQ) {
      throw AwsError.VALIDATION.because("Query key condition not supported");
    }
    checkType(hash, value);
    if (byKey.isEmpty()) {
      return new KeyCondition(value, Optional.empty());
    }
    Key rangeKey = range.orElseThrow(() -> missed(new Key(byKey.keySet().iterator().next(), "S")));
    Condition onRange = byKey.get(rangeKey.name());
    if (onRange == null) {
      throw missed(rangeKey);
    }
    values(onRange).forEach(bound -> checkType(rangeKey, bound));
    return new KeyCondition(value, Optional.of(onRange));
  }

  private static AwsException missed(Key key) {
    return AwsError.VALIDATION.because("Query condition missed key schema element: " + key.name());
  }

  private static void checkType(Key key, AttributeValue value) {
    if (!Values.typeName(value).equals(key.type())) {
      throw AwsError.VALIDATION.because(
          "One or more parameter values were invalid: Condition parameter type does not match"
              + " schema type");
    }
  }

  private static void collect(Condition condition, List<Condition> parts) {
    if (condition instanceof Condition.And(Condition left, Condition right)) {
      collect(left, parts);
      collect(right, parts);
    } else {
      parts.add(condition);
    }
  }

  /** The same with the key on the left. */
  private static Condition normal(Condition part) {
    return part
            instanceof
            Condition.Compare(
                Operand.OfValue value,
                Condition.Comparison comparison,
                Operand.OfPath path)
        ? new Condition.Compare(path, comparison.flipped(), value)
        : part;
  }

  private static String keyOf(Condition part) {
    return switch (normal(part)) {
      case Condition.Compare(
              Operand.OfPath(Path path),
              Condition.Comparison comparison,
              Operand.OfValue value)
          when comparison != Condition.Comparison.NE ->
          attribute(path);
      case Condition.Between(
              Operand.OfPath(Path path),
              Operand.OfValue low,
              Operand.OfValue high) ->
          attribute(path);
      case Condition.BeginsWith(Operand.OfPath(Path path), Operand.OfValue prefix) ->
          attribute(path);
      default ->
          throw AwsError.VALIDATION.because(
              "Invalid operator used in KeyConditionExpression: " + operator(part));
    };
  }

  private static String attribute(Path path) {
    if (!path.isAttribute()) {
      throw ExpressionKind.KEY_CONDITION.invalid(
          "KeyConditionExpressions cannot have conditions on nested attributes");
    }
    return path.attribute();
  }

  private static List<AttributeValue> values(Condition part) {
    return switch (part) {
      case Condition.Compare(
              Operand left,
              Condition.Comparison comparison,
              Operand.OfValue(AttributeValue value)) ->
          List.of(value);
      case Condition.Between(
              Operand key,
              Operand.OfValue(AttributeValue low),
              Operand.OfValue(AttributeValue high)) ->
          List.of(low, high);
      case Condition.BeginsWith(Operand key, Operand.OfValue(AttributeValue prefix)) ->
          List.of(prefix);
      default -> List.of();
    };
  }

  private static String operator(Condition part) {
    return switch (part) {
      case Condition.Compare compare -> compare.comparison().sign();
      case Condition.Between between -> "BETWEEN";
      case Condition.In in -> "IN";
      case Condition.And and -> "AND";
      case Condition.Or or -> "OR";
      case Condition.Not not -> "NOT";
      case Condition.Exists exists -> exists.wanted() ? "attribute_exists" : "attribute_not_exists";
      case Condition.OfType ofType -> "attribute_type";
      case Condition.BeginsWith beginsWith -> "begins_with";
      case Condition.Contains contains -> "contains";
    };
  }
}
