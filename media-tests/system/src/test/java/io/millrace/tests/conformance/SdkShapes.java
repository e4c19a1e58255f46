package io.millrace.tests.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;
import software.amazon.awssdk.utils.builder.Buildable;

/** JSON in the names of the API from and to the model classes of the SDK for Java 2. */
final class SdkShapes {
  private static final JsonNodeFactory NODES = new ObjectMapper().getNodeFactory();

  private SdkShapes() {}

  /** The first member of a request that the model does not have, at any depth of objects. */
  static Optional<String> unknownMember(SdkPojo shape, ObjectNode json) {
    for (Iterator<String> names = json.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (shape.sdkFields().stream().noneMatch(field -> field.locationName().equals(name))) {
        return Optional.of(name);
      }
    }
    return Optional.empty();
  }

  /** Fills a builder. */
  static void fill(SdkPojo builder, JsonNode json) {
    for (SdkField<?> field : builder.sdkFields()) {
      JsonNode value = json.get(field.locationName());
      if (value != null && !value.isNull()) {
        field.set(builder, value(field, value));
      }
    }
  }

  private static Object value(SdkField<?> field, JsonNode json) {
    MarshallingType<?> type = field.marshallingType();
    if (type == MarshallingType.SDK_POJO) {
      SdkPojo nested = field.constructor().get();
      fill(nested, json);
      return ((Buildable) nested).build();
    }
    if (type == MarshallingType.LIST) {
      SdkField<?> member = field.getTrait(ListTrait.class).memberFieldInfo();
      List<Object> values = new ArrayList<>();
      json.forEach(each -> values.add(value(member, each)));
      return values;
    }
    if (type == MarshallingType.MAP) {
      SdkField<?> member = field.getTrait(MapTrait.class).valueFieldInfo();
      Map<String, Object> values = new LinkedHashMap<>();
      json.properties().forEach(each -> values.put(each.getKey(), value(member, each.getValue())));
      return values;
    }
    if (type == MarshallingType.SDK_BYTES) {
      return SdkBytes.fromByteArray(Base64.getDecoder().decode(json.asText()));
    }
    if (type == MarshallingType.INSTANT) {
      return Times.instant(json.asText());
    }
    if (type == MarshallingType.INTEGER) {
      return json.asInt();
    }
    if (type == MarshallingType.LONG) {
      return json.asLong();
    }
    return type == MarshallingType.BOOLEAN ? json.asBoolean() : json.asText();
  }

  /** The members of a shape that are there. */
  static ObjectNode json(SdkPojo shape) {
    ObjectNode json = NODES.objectNode();
    for (SdkField<?> field : shape.sdkFields()) {
      Object value = field.getValueOrDefault(shape);
      if (value != null
          && !(value instanceof SdkAutoConstructList)
          && !(value instanceof SdkAutoConstructMap)) {
        json.set(field.locationName(), node(value));
      }
    }
    return json;
  }

  private static JsonNode node(Object value) {
    return switch (value) {
      case SdkPojo nested -> json(nested);
      case SdkBytes bytes ->
          NODES.textNode(Base64.getEncoder().encodeToString(bytes.asByteArray()));
      case Instant time -> NODES.numberNode(Times.seconds(time));
      case List<?> list -> {
        ArrayNode array = NODES.arrayNode();
        list.forEach(each -> array.add(node(each)));
        yield array;
      }
      case Integer number -> NODES.numberNode(number);
      case Long number -> NODES.numberNode(number);
      case Boolean flag -> NODES.booleanNode(flag);
      default -> NODES.textNode(value.toString());
    };
  }

  /** Epoch seconds with a fraction, as JSON 1.1 has them. */
  static final class Times {
    private Times() {}

    static Instant instant(String seconds) {
      return Instant.ofEpochMilli(new BigDecimal(seconds).movePointRight(3).longValue());
    }

    static BigDecimal seconds(Instant time) {
      return BigDecimal.valueOf(time.toEpochMilli(), 3);
    }
  }
}
