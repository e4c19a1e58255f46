package io.millrace.datastreams.lease.expression;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.datastreams.lease.value.ValueCheck;
import io.millrace.datastreams.lease.value.Values;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The names and values that the expressions of one request refer to; knows which of them were used.
 */
public final class Placeholders {
  private static final Pattern NAME = Pattern.compile("#[a-zA-Z0-9_]+");
  private static final Pattern VALUE = Pattern.compile(":[a-zA-Z0-9_]+");
  private static final int MAX_LENGTH = 255;

  private final Map<String, String> names;
  private final Map<String, AttributeValue> values = new HashMap<>();
  private final Set<String> usedNames = new HashSet<>();
  private final Set<String> usedValues = new HashSet<>();

  /**
   * @param names as in {@code ExpressionAttributeNames}
   * @param values as in {@code ExpressionAttributeValues}, not checked yet
   * @throws AwsException VALIDATION
   */
  public Placeholders(Map<String, String> names, Map<String, AttributeValue> values) {
    check("ExpressionAttributeNames", NAME, names.keySet());
    check("ExpressionAttributeValues", VALUE, values.keySet());
    this.names = names;
    values.forEach((key, value) -> this.values.put(key, checked(key, value)));
  }

  private static AttributeValue checked(String key, AttributeValue value) {
    try {
      return ValueCheck.normal(value);
    } catch (AwsException e) {
      throw AwsError.VALIDATION.because(
          "ExpressionAttributeValues contains invalid value: %s for key %s"
              .formatted(e.clientMessage(), key));
    }
  }

  private static void check(String member, Pattern form, Set<String> keys) {
    for (String key : keys) {
      if (key.length() > MAX_LENGTH) {
        throw AwsError.VALIDATION.because(
            "%s contains invalid key: The expression attribute map contains a key that is too long"
                .formatted(member));
      }
      if (!form.matcher(key).matches()) {
        throw AwsError.VALIDATION.because(
            "%s contains invalid key: Syntax error; key: \"%s\"".formatted(member, key));
      }
    }
  }

  /** The attribute name a {@code #name} stands for. */
  String name(ExpressionKind kind, String placeholder) {
    String name = names.get(placeholder);
    if (name == null) {
      throw kind.invalid(
          "An expression attribute name used in the document path is not defined; attribute name: "
              + placeholder);
    }
    usedNames.add(placeholder);
    return name;
  }

  /** The value a {@code :value} stands for. */
  AttributeValue value(ExpressionKind kind, String placeholder) {
    AttributeValue value = values.get(placeholder);
    if (value == null) {
      throw kind.invalid(
          "An expression attribute value used in expression is not defined; attribute value: "
              + placeholder);
    }
    usedValues.add(placeholder);
    return value;
  }

  /**
   * Called when all expressions were parsed.
   *
   * @throws AwsException VALIDATION if something was given that none uses
   */
  public void checkAllUsed() {
    unused("ExpressionAttributeNames", names.keySet(), usedNames);
    unused("ExpressionAttributeValues", values.keySet(), usedValues);
  }

  private static void unused(String member, Set<String> given, Set<String> used) {
    Set<String> left = new TreeSet<>(given);
    left.removeAll(used);
    if (!left.isEmpty()) {
      throw AwsError.VALIDATION.because(
          "Value provided in %s unused in expressions: keys: {%s}"
              .formatted(member, String.join(", ", left)));
    }
  }

  /** A value as errors show it. */
  static String shown(AttributeValue value) {
    String text =
        value.type() == AttributeValue.Type.S
            ? value.s()
            : value.type() == AttributeValue.Type.N ? value.n() : "...";
    return "AttributeValue: {%s:%s}".formatted(Values.typeName(value), text);
  }
}
