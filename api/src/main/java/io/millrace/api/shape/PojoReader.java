package io.millrace.api.shape;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingKnownType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/**
 * Reads JSON and CBOR bodies into request types of the AWS SDK through their public field
 * descriptions. {@code null} is the same as absent, values of enumerations are kept as they came,
 * and members the type does not know are given back as plain values where they stand at the top and
 * skipped further down. Every failure is an {@link AwsException} of kind SERIALIZATION that names
 * the member and the position. Thread-safe.
 */
public final class PojoReader {
  private static final int MAX_NUMBER_LENGTH = 64;
  private static final int MAX_NAME_LENGTH = 1024;

  private final JsonFactory json;
  private final CBORFactory cbor;

  public PojoReader(ReadLimits limits) {
    StreamReadConstraints constraints =
        StreamReadConstraints.builder()
            .maxNestingDepth(limits.maxDepth())
            .maxStringLength(limits.maxStringLength())
            .maxTokenCount(limits.maxTokens())
            .maxNumberLength(MAX_NUMBER_LENGTH)
            .maxNameLength(MAX_NAME_LENGTH)
            .build();
    json =
        JsonFactory.builder()
            .streamReadConstraints(constraints)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();
    cbor =
        CBORFactory.builder()
            .streamReadConstraints(constraints)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();
  }

  /**
   * Fills a builder from one object; an empty body is the empty object.
   *
   * @param body borrowed
   * @param builder a fresh builder of an SDK type; its members are set
   * @return members at the top that the type does not know, by name: {@code String}, {@code Long},
   *     {@code BigDecimal}, {@code Boolean}, {@code byte[]} (CBOR only), {@code List} or {@code
   *     Map}
   * @throws AwsException SERIALIZATION
   */
  public Map<String, Object> read(BodyFormat format, byte[] body, SdkPojo builder) {
    if (body.length == 0) {
      return Map.of();
    }
    JsonFactory factory = format.isText() ? json : cbor;
    try (JsonParser parser = factory.createParser(body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw Scalars.wrong(parser, "an object");
      }
      Map<String, Object> further = new LinkedHashMap<>();
      object(new Scalars(parser, format), parser, builder, further);
      if (parser.nextToken() != null) {
        throw AwsError.SERIALIZATION.because("Something follows the object" + Scalars.at(parser));
      }
      return further;
    } catch (JsonProcessingException e) {
      throw AwsError.SERIALIZATION.because(
          "The body is not valid %s: %s%s"
              .formatted(format, e.getOriginalMessage(), Scalars.position(e.getLocation())));
    } catch (IOException e) {
      throw AwsError.SERIALIZATION.because(
          "The body is not valid %s: %s".formatted(format, e.getMessage()));
    }
  }

  private static void object(
      Scalars scalars, JsonParser parser, SdkPojo builder, @Nullable Map<String, Object> further)
      throws IOException {
    Map<String, SdkField<?>> fields = builder.sdkFieldNameToField();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      JsonToken token = parser.nextToken();
      SdkField<?> field = fields.get(name);
      if (token == JsonToken.VALUE_NULL) {
        continue;
      }
      if (field != null) {
        field.set(builder, value(scalars, parser, field));
      } else if (further != null) {
        further.put(scalars.name(), plain(scalars, parser));
      } else {
        parser.skipChildren();
      }
    }
  }

  private static Object value(Scalars scalars, JsonParser parser, SdkField<?> field)
      throws IOException {
    MarshallingKnownType type = field.marshallingType().getKnownType();
    return switch (type) {
      case STRING -> scalars.text();
      case INTEGER -> (int) scalars.integer(Integer.MIN_VALUE, Integer.MAX_VALUE);
      case LONG -> scalars.integer(Long.MIN_VALUE, Long.MAX_VALUE);
      case SHORT -> (short) scalars.integer(Short.MIN_VALUE, Short.MAX_VALUE);
      case BYTE -> (byte) scalars.integer(Byte.MIN_VALUE, Byte.MAX_VALUE);
      case FLOAT -> (float) scalars.number().doubleValue();
      case DOUBLE -> scalars.number().doubleValue();
      case BIG_DECIMAL -> scalars.number();
      case BOOLEAN -> scalars.bool();
      case INSTANT -> scalars.instant();
      case SDK_BYTES -> scalars.bytes();
      case LIST -> list(scalars, parser, field);
      case MAP -> map(scalars, parser, field);
      case SDK_POJO -> nested(scalars, parser, field);
      default -> throw new IllegalStateException("no form for " + type);
    };
  }

  private static List<Object> list(Scalars scalars, JsonParser parser, SdkField<?> field)
      throws IOException {
    expect(parser, JsonToken.START_ARRAY, "a list");
    SdkField<?> member = field.getRequiredTrait(ListTrait.class).memberFieldInfo();
    List<Object> values = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() == JsonToken.VALUE_NULL) {
        throw Scalars.wrong(parser, "a value");
      }
      values.add(value(scalars, parser, member));
    }
    return values;
  }

  private static Map<String, Object> map(Scalars scalars, JsonParser parser, SdkField<?> field)
      throws IOException {
    expect(parser, JsonToken.START_OBJECT, "an object");
    SdkField<?> member = field.getRequiredTrait(MapTrait.class).valueFieldInfo();
    Map<String, Object> values = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = scalars.name();
      if (parser.nextToken() != JsonToken.VALUE_NULL) {
        values.put(key, value(scalars, parser, member));
      }
    }
    return values;
  }

  private static Object nested(Scalars scalars, JsonParser parser, SdkField<?> field)
      throws IOException {
    expect(parser, JsonToken.START_OBJECT, "an object");
    SdkPojo builder = field.constructor().get();
    object(scalars, parser, builder, null);
    return ((SdkBuilder<?, ?>) builder).build();
  }

  /** The value at hand without a type to go by; nulls in objects and lists are left out. */
  private static Object plain(Scalars scalars, JsonParser parser) throws IOException {
    switch (parser.currentToken()) {
      case START_OBJECT -> {
        Map<String, Object> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = scalars.name();
          if (parser.nextToken() != JsonToken.VALUE_NULL) {
            members.put(name, plain(scalars, parser));
          }
        }
        return members;
      }
      case START_ARRAY -> {
        List<Object> members = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          if (parser.currentToken() != JsonToken.VALUE_NULL) {
            members.add(plain(scalars, parser));
          }
        }
        return members;
      }
      default -> {
        return scalars.plain();
      }
    }
  }

  private static void expect(JsonParser parser, JsonToken token, String expected) {
    if (parser.currentToken() != token) {
      throw Scalars.wrong(parser, expected);
    }
  }
}
