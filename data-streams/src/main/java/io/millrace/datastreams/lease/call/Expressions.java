package io.millrace.datastreams.lease.call;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.datastreams.lease.expression.Condition;
import io.millrace.datastreams.lease.expression.ConditionParser;
import io.millrace.datastreams.lease.expression.ExpressionKind;
import io.millrace.datastreams.lease.expression.ExpressionLimits;
import io.millrace.datastreams.lease.expression.Placeholders;
import io.millrace.datastreams.lease.expression.Projection;
import io.millrace.datastreams.lease.expression.UpdateAction;
import io.millrace.datastreams.lease.expression.UpdateParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.util.DefaultSdkAutoConstructMap;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The expressions of one request, parsed one after the other. */
final class Expressions {
  private static final String NAMES = "ExpressionAttributeNames";
  private static final String VALUES = "ExpressionAttributeValues";

  private final ExpressionLimits limits;
  private final Map<String, String> names;
  private final Map<String, AttributeValue> values;
  private final Placeholders placeholders;
  private final List<String> parsed = new ArrayList<>();

  /**
   * @param names as the request's type gives them
   * @param values as the request's type gives them
   */
  Expressions(
      ExpressionLimits limits, Map<String, String> names, Map<String, AttributeValue> values) {
    this.limits = limits;
    this.names = names;
    this.values = values;
    checkNotEmpty(NAMES, names);
    checkNotEmpty(VALUES, values);
    this.placeholders = new Placeholders(names, values);
  }

  /** Of a request without values. */
  Expressions(ExpressionLimits limits, Map<String, String> names) {
    this(limits, names, DefaultSdkAutoConstructMap.getInstance());
  }

  private static boolean isGiven(Map<String, ?> map) {
    return !(map instanceof SdkAutoConstructMap<?, ?>);
  }

  private static void checkNotEmpty(String member, Map<String, ?> map) {
    if (isGiven(map) && map.isEmpty()) {
      throw AwsError.VALIDATION.because(member + " must not be empty");
    }
  }

  Optional<Condition> condition(ExpressionKind kind, @Nullable String text) {
    if (text == null) {
      return Optional.empty();
    }
    parsed.add(kind.member());
    return Optional.of(ConditionParser.parse(kind, text, placeholders, limits));
  }

  Optional<List<UpdateAction>> update(@Nullable String text) {
    if (text == null) {
      return Optional.empty();
    }
    parsed.add(ExpressionKind.UPDATE.member());
    return Optional.of(UpdateParser.parse(text, placeholders, limits));
  }

  Optional<Projection> projection(@Nullable String text) {
    if (text == null) {
      return Optional.empty();
    }
    parsed.add(ExpressionKind.PROJECTION.member());
    return Optional.of(Projection.parse(text, placeholders, limits));
  }

  /**
   * Called after all were parsed.
   *
   * @param older members of the request that are of the older forms
   * @param possible names of the expressions the request may have
   * @throws AwsException VALIDATION if both are used, or something is given that none uses
   */
  void check(List<String> older, String possible) {
    if (!older.isEmpty() && !parsed.isEmpty()) {
      throw AwsError.VALIDATION.because(
          "Can not use both expression and non-expression parameters in the same request:"
              + " Non-expression parameters: {%s} Expression parameters: {%s}"
                  .formatted(String.join(", ", older), String.join(", ", parsed)));
    }
    if (parsed.isEmpty() && isGiven(names)) {
      throw AwsError.VALIDATION.because(NAMES + " can only be specified when using expressions");
    }
    if (parsed.isEmpty() && isGiven(values)) {
      throw AwsError.VALIDATION.because(
          "%s can only be specified when using expressions: %s null".formatted(VALUES, possible));
    }
    placeholders.checkAllUsed();
  }

  /** The projection of a list of top-level attributes. */
  static Projection ofAttributes(List<String> attributes) {
    if (attributes.stream().distinct().count() < attributes.size()) {
      throw AwsError.VALIDATION.because(
          "One or more parameter values were invalid: Duplicate value in attribute name: "
              + attributes);
    }
    return new Projection(
        attributes.stream().map(io.millrace.datastreams.lease.expression.Path::of).toList());
  }
}
