package io.millrace.datastreams.lease.expression;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Any text is an expression or is refused, and what it becomes can be evaluated. */
class ExpressionFuzzTest {
  private static final Map<String, AttributeValue> VALUES =
      Map.of(":n", AttributeValue.fromN("1"), ":s", AttributeValue.fromS("s"));

  static Stream<String> expressions() {
    return Stream.of(
        "a = :n AND NOT (b < :s OR size(c) IN (:n, :s)) OR attribute_type(#n.x[0], :s)",
        "SET a = if_not_exists(b, :n) + :n, c = list_append(d, e) REMOVE f[1] ADD g :n",
        "a.b[3].#n, c, d[0]");
  }

  @MethodSource("expressions")
  @FuzzTest(maxDuration = "60s")
  void anyTextIsReadOrRefused(String text) {
    if (text == null) {
      return;
    }
    Placeholders placeholders = new Placeholders(Map.of("#n", "name"), VALUES);
    ExpressionLimits limits = ExpressionLimits.AWS;
    tried(
        () ->
            ConditionParser.parse(ExpressionKind.CONDITION, text, placeholders, limits)
                .holds(VALUES));
    tried(() -> UpdateEvaluation.apply(VALUES, UpdateParser.parse(text, placeholders, limits)));
    tried(() -> Projection.parse(text, placeholders, limits).of(VALUES));
  }

  private static void tried(Runnable parsing) {
    try {
      parsing.run();
    } catch (AwsException refused) {
      assertThat(refused.error()).isEqualTo(AwsError.VALIDATION);
      assertThat(refused.clientMessage()).isNotEmpty();
    }
  }
}
