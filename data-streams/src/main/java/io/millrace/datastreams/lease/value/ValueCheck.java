package io.millrace.datastreams.lease.value;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Brings values into the one form in which they are kept, so that equal values are equal objects:
 * numbers in their shortest text, sets in order. What is no value is refused with VALIDATION.
 */
public final class ValueCheck {
  /** Deepest nesting of lists and maps. */
  public static final int MAX_DEPTH = 32;

  private static final Comparator<SdkBytes> BY_BYTES =
      (a, b) -> java.util.Arrays.compareUnsigned(a.asByteArrayUnsafe(), b.asByteArrayUnsafe());

  private ValueCheck() {}

  /**
   * All attributes of an item or key, or all values of a request.
   *
   * @throws AwsException VALIDATION
   */
  public static Map<String, AttributeValue> normal(Map<String, AttributeValue> attributes) {
    return map(attributes, 0);
  }

  /**
   * One value.
   *
   * @throws AwsException VALIDATION
   */
  public static AttributeValue normal(AttributeValue value) {
    return normal(value, 0);
  }

  private static Map<String, AttributeValue> map(Map<String, AttributeValue> given, int depth) {
    Map<String, AttributeValue> checked = LinkedHashMap.newLinkedHashMap(given.size());
    given.forEach(
        (name, value) -> {
          text(name);
          checked.put(name, normal(value, depth));
        });
    return checked;
  }

  private static AttributeValue normal(AttributeValue value, int depth) {
    if (depth > MAX_DEPTH) {
      throw AwsError.VALIDATION.because(
          "Nesting Levels have exceeded supported limits: Nesting levels exceed " + MAX_DEPTH);
    }
    checkOneType(value);
    return switch (value.type()) {
      case S -> {
        text(value.s());
        yield value;
      }
      case N -> number(value);
      case B -> value;
      case BOOL -> value;
      case NUL -> nothing(value);
      case SS -> AttributeValue.fromSs(textSet(value.ss()));
      case NS -> AttributeValue.fromNs(numberSet(value.ns()));
      case BS -> AttributeValue.fromBs(byteSet(value.bs()));
      case M -> AttributeValue.fromM(map(value.m(), depth + 1));
      case L -> {
        List<AttributeValue> members = new ArrayList<>(value.l().size());
        for (AttributeValue member : value.l()) {
          members.add(normal(member, depth + 1));
        }
        yield AttributeValue.fromL(members);
      }
      case UNKNOWN_TO_SDK_VERSION -> throw empty();
    };
  }

  private static void checkOneType(AttributeValue value) {
    int types = 0;
    types += value.s() == null ? 0 : 1;
    types += value.n() == null ? 0 : 1;
    types += value.b() == null ? 0 : 1;
    types += value.bool() == null ? 0 : 1;
    types += value.nul() == null ? 0 : 1;
    types += value.hasSs() ? 1 : 0;
    types += value.hasNs() ? 1 : 0;
    types += value.hasBs() ? 1 : 0;
    types += value.hasM() ? 1 : 0;
    types += value.hasL() ? 1 : 0;
    if (types == 0) {
      throw empty();
    }
    if (types > 1) {
      throw AwsError.VALIDATION.because(
          "Supplied AttributeValue has more than one datatypes set, must contain exactly one of"
              + " the supported datatypes");
    }
  }

  private static AwsException empty() {
    return AwsError.VALIDATION.because(
        "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
  }

  private static AttributeValue number(AttributeValue value) {
    String text = Numbers.text(Numbers.parse(value.n()));
    return text.equals(value.n()) ? value : AttributeValue.fromN(text);
  }

  private static AttributeValue nothing(AttributeValue value) {
    if (!value.nul()) {
      throw invalid("Null attribute value types must have the value of true");
    }
    return value;
  }

  private static void text(String text) {
    // Half a surrogate pair has no UTF-8 form, so it could not be kept.
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
          throw invalid("A string is not valid Unicode");
        }
        return;
      }
    }
  }

  private static List<String> textSet(List<String> members) {
    if (members.isEmpty()) {
      throw invalid("An string set  may not be empty");
    }
    members.forEach(ValueCheck::text);
    return distinct(members, members.stream().sorted().toList());
  }

  private static List<String> numberSet(List<String> members) {
    if (members.isEmpty()) {
      throw invalid("An number set  may not be empty");
    }
    List<String> texts = members.stream().map(Numbers::parse).sorted().map(Numbers::text).toList();
    return distinct(members, texts);
  }

  private static List<SdkBytes> byteSet(List<SdkBytes> members) {
    if (members.isEmpty()) {
      throw invalid("Binary sets should not be empty");
    }
    return distinct(members, members.stream().sorted(BY_BYTES).toList());
  }

  private static <T> List<T> distinct(List<T> given, List<T> sorted) {
    for (int i = 1; i < sorted.size(); i++) {
      if (sorted.get(i).equals(sorted.get(i - 1))) {
        throw invalid("Input collection %s contains duplicates.".formatted(given));
      }
    }
    return sorted;
  }

  private static AwsException invalid(String what) {
    return AwsError.VALIDATION.because("One or more parameter values were invalid: " + what);
  }
}
