package io.millrace.datastreams.lease.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.AwsException;
import io.millrace.datastreams.lease.value.ValueCheck;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The language, on one item. */
class ExpressionTest {
  private static final Map<String, AttributeValue> ITEM =
      ValueCheck.normal(
          Map.of(
              "label", AttributeValue.fromS("shard-0001"),
              "five", AttributeValue.fromN("5"),
              "kids", AttributeValue.fromL(List.of(n("1"), n("2"), n("3"))),
              "tree", AttributeValue.fromM(Map.of("in", n("7"), "deep", mapOf("x", n("8")))),
              "tags", AttributeValue.fromSs(List.of("b", "a")),
              "octets", AttributeValue.fromB(SdkBytes.fromByteArray(new byte[] {1, 2, 3})),
              "yes", AttributeValue.fromBool(true)));

  private static final Map<String, AttributeValue> VALUES =
      Map.of(
          ":5", n("5.0"),
          ":6", n("6"),
          ":10", n("10"),
          ":s", AttributeValue.fromS("shard-"),
          ":a", AttributeValue.fromS("a"),
          ":N", AttributeValue.fromS("N"),
          ":raw", AttributeValue.fromB(SdkBytes.fromByteArray(new byte[] {2, 3})),
          ":none", AttributeValue.fromNul(true));

  private static AttributeValue n(String number) {
    return AttributeValue.fromN(number);
  }

  private static AttributeValue mapOf(String name, AttributeValue value) {
    return AttributeValue.fromM(Map.of(name, value));
  }

  private static Placeholders placeholders() {
    return new Placeholders(Map.of("#d", "deep"), VALUES);
  }

  private static Condition parse(String text) {
    return ConditionParser.parse(
        ExpressionKind.CONDITION, text, placeholders(), ExpressionLimits.AWS);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          five = :5                                       | true
          :5 = five                                       | true
          five <> :5                                      | false
          five < :10                                      | true
          five >= :5 AND five <= :5                       | true
          five BETWEEN :5 AND :6                          | true
          five BETWEEN :6 AND :10                         | false
          five IN (:6, :10)                               | false
          five IN (:6, :5)                                | true
          label > :s                                       | true
          label < :10                                      | false
          gone = :5                                       | false
          gone <> :5                                      | true
          gone < :5                                       | false
          NOT gone < :5                                   | true
          attribute_exists(tree.#d.x)                      | true
          attribute_exists(tree.#d.y)                      | false
          attribute_not_exists(kids[3])                   | true
          attribute_exists(kids[2])                       | true
          attribute_type(five, :N)                        | true
          attribute_type(label, :N)                        | false
          begins_with(label, :s)                           | true
          begins_with(five, :s)                           | false
          begins_with(octets, :raw)                          | false
          contains(octets, :raw)                             | true
          contains(tags, :a)                              | true
          contains(tags, :s)                              | false
          contains(label, :s)                              | true
          contains(kids, :5)                              | false
          size(label) = :10                                | true
          size(tags) < size(kids)                         | true
          size(five) > :5                                 | false
          five = :5 OR gone = :5 AND gone = :6            | true
          (five = :5 OR gone = :5) AND gone = :6          | false
          NOT five = :5 OR yes <> :none                   | true
          not (five = :6) and five = :5                   | true
          """)
  void conditionsHold(String text, boolean expected) {
    assertThat(parse(text).holds(ITEM)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          five =                        | Syntax error; token: "<EOF>", near: "="
          = five                        | Syntax error; token: "=", near: "= five"
          five == :5                    | Syntax error; token: "=", near: "== :5"
          five = :5 five                | Syntax error; token: "five", near: ":5 five"
          five ! :5                     | Syntax error; token: "!", near: "five ! :5"
          _five = :5                    | Syntax error; token: "_", near: "_five"
          kids[a] = :5                  | Syntax error; token: "a", near: "[a]"
          five = :gone                  | expression is not defined; attribute value: :gone
          #gone = :5                    | document path is not defined; attribute name: #gone
          status = :5                   | reserved keyword: status
          exist(five)                   | Invalid function name; function: exist
          ((five = :5))                 | redundant parentheses
          five < :none                  | operator or function: <, operand type: NULL
          begins_with(label, :5)         | operator or function: begins_with, operand type: N
          attribute_exists(:5)          | requires a document path
          attribute_exists(five, label)  | number of operands: 2
          five BETWEEN :6 AND :5        | upper bound to be greater
          five = five                   | must be distinct
          kids[1234567890] = :5         | not within the allowable range
          """)
  void whatIsWrongIsSaid(String text, String message) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(AwsException.class)
        .hasMessageStartingWith("Invalid ConditionExpression: ")
        .hasMessageContaining(message);
  }

  @Test
  void everyLimitIsOneLessThanTooMuch() {
    ExpressionLimits limits = new ExpressionLimits(200, 3, 2, 3);
    List<String> fitting =
        List.of(
            "five = :5" + " ".repeat(191),
            "five = :5 OR five = :6",
            "five IN (:5, :6)",
            "tree.#d.x = :5",
            "(NOT (five = :5))");
    for (String text : fitting) {
      ConditionParser.parse(ExpressionKind.FILTER, text, placeholders(), limits);
    }
    List<String> beyond =
        List.of(
            "five = :5" + " ".repeat(192),
            "five = :5 OR five = :6 OR yes = :5",
            "five IN (:5, :6, :10)",
            "tree.#d.x.y = :5",
            "(NOT (NOT (NOT (five = :5))))",
            "(".repeat(190) + "five");
    for (String text : beyond) {
      assertThatThrownBy(
              () -> ConditionParser.parse(ExpressionKind.FILTER, text, placeholders(), limits))
          .as(text)
          .isInstanceOf(AwsException.class)
          .hasMessageStartingWith("Invalid FilterExpression: ");
    }
  }

  @Test
  void aLongExpressionIsNoDanger() {
    String deep = "(".repeat(4000) + "five";
    assertThatThrownBy(() -> parse(deep)).hasMessageContaining("too many operators");
    String wide =
        IntStream.range(0, 150).mapToObj(i -> "five = :5").collect(Collectors.joining(" OR "));
    assertThat(parse(wide).holds(ITEM)).isTrue();
  }

  private static Map<String, AttributeValue> updated(String text) {
    Placeholders values =
        new Placeholders(
            Map.of(),
            Map.of(
                ":1", n("1"),
                ":l", AttributeValue.fromL(List.of(n("9"))),
                ":t", AttributeValue.fromSs(List.of("a", "c"))));
    List<UpdateAction> actions = UpdateParser.parse(text, values, ExpressionLimits.AWS);
    return UpdateEvaluation.apply(ITEM, actions);
  }

  @Test
  void updatesSeeTheItemAsItWas() {
    Map<String, AttributeValue> after = updated("SET five = five + :1, six = five REMOVE label");
    assertThat(after.get("five")).isEqualTo(n("6"));
    assertThat(after.get("six")).isEqualTo(n("5"));
    assertThat(after).doesNotContainKey("label").containsKey("tree");
    assertThat(ITEM.get("five")).isEqualTo(n("5"));
  }

  @Test
  void updatesReachIntoListsMapsAndSets() {
    assertThat(updated("REMOVE kids[0], kids[1]").get("kids").l()).containsExactly(n("3"));
    assertThat(updated("SET kids[9] = :1, kids[0] = :1").get("kids").l())
        .containsExactly(n("1"), n("2"), n("3"), n("1"));
    assertThat(updated("SET kids = list_append(:l, kids)").get("kids").l().getFirst())
        .isEqualTo(n("9"));
    assertThat(updated("ADD tree.deep.x :1").get("tree").m().get("deep").m().get("x"))
        .isEqualTo(n("9"));
    assertThat(updated("ADD tags :t").get("tags").ss()).containsExactly("a", "b", "c");
    assertThat(updated("DELETE tags :t").get("tags").ss()).containsExactly("b");
    assertThat(updated("SET gone = if_not_exists(gone, :1) - :1").get("gone")).isEqualTo(n("0"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SET gone.x = :1                  | invalid for update
          SET five = gone                  | does not exist in the item
          SET five = label + :1             | incorrect data type
          ADD label :1                      | incorrect data type
          ADD five :l                      | operand type: LIST
          SET five = :1 SET label = :1      | can only be used once
          SET five = :1 REMOVE five        | overlap with each other
          SET tree.deep = :1, tree[1] = :1   | conflict with each other
          SET five :1                      | Syntax error
          """)
  void whatIsWrongWithAnUpdateIsSaid(String text, String message) {
    assertThatThrownBy(() -> updated(text))
        .isInstanceOf(AwsException.class)
        .hasMessageContaining(message);
  }

  @Test
  void projectionsKeepStructureAndCloseGaps() {
    Map<String, AttributeValue> part =
        Projection.parse(
                "tree.#d.x, kids[2], kids[0], gone.y", placeholders(), ExpressionLimits.AWS)
            .of(ITEM);
    assertThat(part)
        .isEqualTo(
            Map.of(
                "tree", mapOf("deep", mapOf("x", n("8"))),
                "kids", AttributeValue.fromL(List.of(n("1"), n("3")))));
  }
}
