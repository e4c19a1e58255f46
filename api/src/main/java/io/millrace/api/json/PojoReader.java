package io.millrace.api.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingKnownType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/**
 * Reads JSON bodies into request types of the AWS SDK through their public field descriptions.
 * Unknown members are skipped, {@code null} is the same as absent, values of enumerations are kept
 * as they came. Every failure is an {@link AwsException} of kind SERIALIZATION that names the
 * member and the position. Thread-safe.
 */
public final class PojoReader {
  private static final int MAX_NUMBER_LENGTH = 64;
  private static final int MAX_NAME_LENGTH = 1024;
  private static final int MAX_NUMBER_SCALE = 40;
  private static final BigDecimal LATEST_EPOCH_SECOND = BigDecimal.valueOf(9_000_000_000L);

  private final JsonFactory factory;

  /**
   * @param maxDepth deepest nesting of objects and arrays
   * @param maxStringLength longest string, in characters
   */
  public PojoReader(int maxDepth, int maxStringLength) {
    factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(maxDepth)
                    .maxStringLength(maxStringLength)
                    .maxNumberLength(MAX_NUMBER_LENGTH)
                    .maxNameLength(MAX_NAME_LENGTH)
                    .build())
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();
  }

  /**
   * Fills a builder from a JSON object; an empty body is the empty object.
   *
   * @param body borrowed
   * @param builder a fresh builder of an SDK type; its members are set
   * @throws AwsException SERIALIZATION
   */
  public void read(byte[] body, SdkPojo builder) {
    if (body.length == 0) {
      return;
    }
    try (JsonParser json = factory.createParser(body)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw wrong(json, "the body", "a JSON object");
      }
      object(json, builder, "");
      if (json.nextToken() != null) {
        throw AwsError.SERIALIZATION.because("Text follows the JSON object" + at(json));
      }
    } catch (JsonProcessingException e) {
      throw AwsError.SERIALIZATION.because(
          "The body is not valid JSON: " + e.getOriginalMessage() + position(e.getLocation()));
    } catch (IOException e) {
      throw AwsError.SERIALIZATION.because("The body is not valid JSON: " + e.getMessage());
    }
  }

  private static void object(JsonParser json, SdkPojo builder, String path) throws IOException {
    Map<String, SdkField<?>> fields = builder.sdkFieldNameToField();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = json.currentName();
      JsonToken token = json.nextToken();
      SdkField<?> field = fields.get(name);
      if (field == null || token == JsonToken.VALUE_NULL) {
        json.skipChildren();
        continue;
      }
      field.set(builder, value(json, field, path.isEmpty() ? name : path + "." + name));
    }
  }

  private static Object value(JsonParser json, SdkField<?> field, String path) throws IOException {
    MarshallingKnownType type = field.marshallingType().getKnownType();
    return switch (type) {
      case STRING -> text(json, path);
      case INTEGER -> (int) integer(json, path, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case LONG -> integer(json, path, Long.MIN_VALUE, Long.MAX_VALUE);
      case SHORT -> (short) integer(json, path, Short.MIN_VALUE, Short.MAX_VALUE);
      case BYTE -> (byte) integer(json, path, Byte.MIN_VALUE, Byte.MAX_VALUE);
      case FLOAT -> (float) number(json, path).doubleValue();
      case DOUBLE -> number(json, path).doubleValue();
      case BIG_DECIMAL -> number(json, path);
      case BOOLEAN -> bool(json, path);
      case INSTANT -> instant(json, path);
      case SDK_BYTES -> bytes(json, path);
      case LIST -> list(json, field, path);
      case MAP -> map(json, field, path);
      case SDK_POJO -> nested(json, field, path);
      default -> throw new IllegalStateException("no JSON form for " + type + " at " + path);
    };
  }

  private static String text(JsonParser json, String path) throws IOException {
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      throw wrong(json, path, "a string");
    }
    return json.getText();
  }

  private static BigDecimal number(JsonParser json, String path) throws IOException {
    if (!json.currentToken().isNumeric()) {
      throw wrong(json, path, "a number");
    }
    BigDecimal value;
    try {
      value = json.getDecimalValue();
    } catch (NumberFormatException e) {
      throw outOfRange(json, path);
    }
    // A short text can name a number of a billion digits; arithmetic on it would never end.
    if (Math.abs((long) value.scale()) > MAX_NUMBER_SCALE) {
      throw outOfRange(json, path);
    }
    return value;
  }

  private static long integer(JsonParser json, String path, long low, long high)
      throws IOException {
    BigDecimal value = number(json, path);
    if (value.compareTo(BigDecimal.valueOf(low)) < 0
        || value.compareTo(BigDecimal.valueOf(high)) > 0) {
      throw AwsError.SERIALIZATION.because(
          "'%s' must be between %d and %d%s".formatted(path, low, high, at(json)));
    }
    if (value.stripTrailingZeros().scale() > 0) {
      throw wrong(json, path, "a whole number");
    }
    return value.longValueExact();
  }

  private static Boolean bool(JsonParser json, String path) {
    if (!json.currentToken().isBoolean()) {
      throw wrong(json, path, "true or false");
    }
    return json.currentToken() == JsonToken.VALUE_TRUE;
  }

  private static Instant instant(JsonParser json, String path) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      try {
        return Instant.parse(json.getText());
      } catch (DateTimeException e) {
        throw wrong(json, path, "a timestamp in epoch seconds");
      }
    }
    BigDecimal seconds = number(json, path);
    if (seconds.signum() < 0 || seconds.compareTo(LATEST_EPOCH_SECOND) > 0) {
      throw AwsError.SERIALIZATION.because(
          "'%s' must be in epoch seconds, from 0 to %s%s"
              .formatted(path, LATEST_EPOCH_SECOND, at(json)));
    }
    BigDecimal nanos = seconds.movePointRight(9).setScale(0, RoundingMode.HALF_UP);
    long value = nanos.longValueExact();
    return Instant.ofEpochSecond(value / 1_000_000_000L, value % 1_000_000_000L);
  }

  private static SdkBytes bytes(JsonParser json, String path) throws IOException {
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      throw wrong(json, path, "a base64 string");
    }
    try {
      return SdkBytes.fromByteArrayUnsafe(json.getBinaryValue());
    } catch (JsonProcessingException e) {
      throw wrong(json, path, "a base64 string");
    }
  }

  private static List<Object> list(JsonParser json, SdkField<?> field, String path)
      throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw wrong(json, path, "a list");
    }
    SdkField<?> member = field.getRequiredTrait(ListTrait.class).memberFieldInfo();
    List<Object> values = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      String at = path + "." + (values.size() + 1);
      if (json.currentToken() == JsonToken.VALUE_NULL) {
        throw wrong(json, at, "a value");
      }
      values.add(value(json, member, at));
    }
    return values;
  }

  private static Map<String, Object> map(JsonParser json, SdkField<?> field, String path)
      throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw wrong(json, path, "an object");
    }
    SdkField<?> member = field.getRequiredTrait(MapTrait.class).valueFieldInfo();
    Map<String, Object> values = new LinkedHashMap<>();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String key = json.currentName();
      json.nextToken();
      if (json.currentToken() == JsonToken.VALUE_NULL) {
        continue;
      }
      values.put(key, value(json, member, path + "." + key));
    }
    return values;
  }

  private static Object nested(JsonParser json, SdkField<?> field, String path) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw wrong(json, path, "an object");
    }
    SdkPojo builder = field.constructor().get();
    object(json, builder, path);
    return ((SdkBuilder<?, ?>) builder).build();
  }

  private static AwsException outOfRange(JsonParser json, String path) {
    return AwsError.SERIALIZATION.because("'" + path + "' is out of range" + at(json));
  }

  private static AwsException wrong(JsonParser json, String path, String expected) {
    return AwsError.SERIALIZATION.because(
        "'%s' must be %s, not %s%s"
            .formatted(path, expected, describe(json.currentToken()), at(json)));
  }

  private static String describe(@Nullable JsonToken token) {
    return switch (token) {
      case null -> "nothing";
      case START_OBJECT -> "an object";
      case START_ARRAY -> "a list";
      case VALUE_STRING -> "a string";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
      case VALUE_TRUE, VALUE_FALSE -> "a boolean";
      case VALUE_NULL -> "null";
      default -> token.name();
    };
  }

  private static String at(JsonParser json) {
    return position(json.currentTokenLocation());
  }

  private static String position(@Nullable JsonLocation location) {
    return location == null
        ? ""
        : " (line %d, column %d)".formatted(location.getLineNr(), location.getColumnNr());
  }
}
