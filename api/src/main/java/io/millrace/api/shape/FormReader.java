package io.millrace.api.shape;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import java.math.BigDecimal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/**
 * Reads bodies of the AWS query protocol into request types of the AWS SDK: pairs such as {@code
 * MetricData.member.2.MetricName=x}, percent-encoded and joined by ampersands. Members that the
 * type does not know are skipped; every failure is an {@link AwsException} of kind SERIALIZATION
 * that names the member. Thread-safe.
 */
public final class FormReader {
  private static final int MAX_NUMBER_LENGTH = 64;

  private final ReadLimits limits;

  public FormReader(ReadLimits limits) {
    this.limits = limits;
  }

  /** A name's part: what follows it, and the value where the name ends. */
  private static final class Node {
    private final Map<String, Node> parts = new TreeMap<>();
    private @Nullable String value;
  }

  /**
   * Fills a builder from a body.
   *
   * @param body borrowed
   * @param builder a fresh builder of an SDK type; its members are set
   * @throws AwsException SERIALIZATION
   */
  public void read(byte[] body, SdkPojo builder) {
    structure(tree(new String(body, StandardCharsets.UTF_8)), builder, "");
  }

  /** The value of one name at the top, such as {@code Action}; empty where it is missing. */
  public static String first(byte[] body, String name) {
    for (String pair : new String(body, StandardCharsets.UTF_8).split("&")) {
      if (pair.startsWith(name + "=")) {
        return decoded(pair.substring(name.length() + 1));
      }
    }
    return "";
  }

  private Node tree(String body) {
    Node root = new Node();
    int begin = 0;
    for (int pairs = 1; begin < body.length(); pairs++) {
      if (pairs > limits.maxTokens()) {
        throw AwsError.SERIALIZATION.because("The body has too many members");
      }
      int next = body.indexOf('&', begin);
      int end = next < 0 ? body.length() : next;
      int equals = body.indexOf('=', begin);
      boolean hasValue = equals >= 0 && equals < end;
      String name = decoded(body.substring(begin, hasValue ? equals : end));
      place(root, name).value = hasValue ? decoded(body.substring(equals + 1, end)) : "";
      begin = end + 1;
    }
    return root;
  }

  private Node place(Node root, String name) {
    String[] parts = name.split("\\.", limits.maxDepth() + 2);
    if (parts.length > limits.maxDepth()) {
      throw AwsError.SERIALIZATION.because("The name of a member has too many parts");
    }
    Node node = root;
    for (String part : parts) {
      node = node.parts.computeIfAbsent(part, first -> new Node());
    }
    return node;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw AwsError.SERIALIZATION.because("The body is not valid percent-encoding");
    }
  }

  private void structure(Node node, SdkPojo builder, String path) {
    for (Map.Entry<String, Node> part : node.parts.entrySet()) {
      SdkField<?> field = builder.sdkFieldNameToField().get(part.getKey());
      if (field != null) {
        String at = path.isEmpty() ? part.getKey() : path + "." + part.getKey();
        field.set(builder, value(part.getValue(), field, at));
      }
    }
  }

  private Object value(Node node, SdkField<?> field, String path) {
    return switch (field.marshallingType().getKnownType()) {
      case LIST -> list(node, field, path);
      case SDK_POJO -> {
        SdkPojo builder = field.constructor().get();
        structure(node, builder, path);
        yield ((SdkBuilder<?, ?>) builder).build();
      }
      case STRING -> text(node, path);
      case BOOLEAN -> bool(text(node, path), path);
      case INTEGER -> (int) integer(text(node, path), path, Integer.MAX_VALUE);
      case LONG -> integer(text(node, path), path, Long.MAX_VALUE);
      case DOUBLE -> number(text(node, path), path).doubleValue();
      case INSTANT -> instant(text(node, path), path);
      case SDK_BYTES -> bytes(text(node, path), path);
      default -> throw wrong(path, "left out: its type has no form here");
    };
  }

  private List<Object> list(Node node, SdkField<?> field, String path) {
    ListTrait trait = field.getRequiredTrait(ListTrait.class);
    Node holder = node.parts.get("member");
    Node members = holder == null ? node : holder;
    Map<Integer, Node> inOrder = new TreeMap<>();
    for (Map.Entry<String, Node> member : members.parts.entrySet()) {
      try {
        inOrder.put(Integer.valueOf(member.getKey()), member.getValue());
      } catch (NumberFormatException e) {
        throw wrong(path, "a list of numbered members");
      }
    }
    List<Object> values = new ArrayList<>();
    for (Map.Entry<Integer, Node> member : inOrder.entrySet()) {
      values.add(value(member.getValue(), trait.memberFieldInfo(), path + "." + member.getKey()));
    }
    return values;
  }

  private static String text(Node node, String path) {
    String value = node.value;
    if (value == null || !node.parts.isEmpty()) {
      throw wrong(path, "a value");
    }
    return value;
  }

  private static BigDecimal number(String text, String path) {
    if (text.length() <= MAX_NUMBER_LENGTH) {
      try {
        BigDecimal value = new BigDecimal(text);
        if (Math.abs((long) value.scale()) <= Scalars.MAX_NUMBER_SCALE) {
          return value;
        }
      } catch (NumberFormatException e) {
        // Told below with every other text that is no number.
      }
    }
    throw wrong(path, "a number");
  }

  private static long integer(String text, String path, long high) {
    try {
      long value = number(text, path).longValueExact();
      if (value >= -high - 1 && value <= high) {
        return value;
      }
    } catch (ArithmeticException e) {
      // Told below with every other number that is too large.
    }
    throw wrong(path, "a whole number within its range");
  }

  private static Boolean bool(String text, String path) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw wrong(path, "true or false");
    };
  }

  private static Instant instant(String text, String path) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw wrong(path, "a timestamp such as 2026-01-31T12:00:00Z");
    }
  }

  private static SdkBytes bytes(String text, String path) {
    try {
      return SdkBytes.fromByteArrayUnsafe(Base64.getDecoder().decode(text));
    } catch (IllegalArgumentException e) {
      throw wrong(path, "a base64 string");
    }
  }

  private static AwsException wrong(String path, String expected) {
    return AwsError.SERIALIZATION.because("'%s' must be %s".formatted(path, expected));
  }
}
