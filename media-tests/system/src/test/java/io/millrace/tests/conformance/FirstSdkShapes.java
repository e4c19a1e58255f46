package io.millrace.tests.conformance;

import com.amazonaws.internal.SdkInternalList;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** JSON in the names of the API from and to the beans of the SDK for Java 1. */
final class FirstSdkShapes {
  private static final String MODEL = "com.amazonaws.services.kinesis.model.";
  private static final JsonNodeFactory NODES = new ObjectMapper().getNodeFactory();

  private FirstSdkShapes() {}

  /**
   * Fills a bean.
   *
   * @return a member that the bean does not have
   */
  static Optional<String> fill(Object bean, JsonNode json) throws ReflectiveOperationException {
    for (Map.Entry<String, JsonNode> member : json.properties()) {
      Optional<Method> setter = setter(bean.getClass(), member.getKey());
      if (setter.isEmpty()) {
        return Optional.of(member.getKey());
      }
      Type type = setter.get().getGenericParameterTypes()[0];
      setter.get().invoke(bean, value(type, member.getValue()));
    }
    return Optional.empty();
  }

  /** Of setters for one member, that for text comes before that for an enumeration. */
  private static Optional<Method> setter(Class<?> bean, String member) {
    return Stream.of(bean.getMethods())
        .filter(method -> method.getName().equals("set" + member))
        .filter(method -> method.getParameterCount() == 1)
        .filter(method -> !method.getParameterTypes()[0].isArray())
        .min(Comparator.comparing(method -> method.getParameterTypes()[0] != String.class));
  }

  private static Object value(Type type, JsonNode json) throws ReflectiveOperationException {
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      if (generic.getRawType() == Map.class) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> each : json.properties()) {
          values.put(each.getKey(), value(arguments[1], each.getValue()));
        }
        return values;
      }
      List<Object> values = new ArrayList<>();
      for (JsonNode each : json) {
        values.add(value(arguments[0], each));
      }
      return values;
    }
    if (type == ByteBuffer.class) {
      return ByteBuffer.wrap(Base64.getDecoder().decode(json.asText()));
    }
    if (type == Date.class) {
      return Date.from(SdkShapes.Times.instant(json.asText()));
    }
    if (type == Integer.class) {
      return json.asInt();
    }
    if (type == Boolean.class) {
      return json.asBoolean();
    }
    if (type == String.class) {
      return json.asText();
    }
    Object bean = ((Class<?>) type).getConstructor().newInstance();
    fill(bean, json);
    return bean;
  }

  /** The members of a bean that are there. */
  static ObjectNode json(Object bean) throws ReflectiveOperationException {
    ObjectNode json = NODES.objectNode();
    for (Method getter : bean.getClass().getDeclaredMethods()) {
      if (!getter.getName().startsWith("get") || getter.getParameterCount() > 0) {
        continue;
      }
      Object value = getter.invoke(bean);
      boolean absent =
          value == null || (value instanceof SdkInternalList<?> list && list.isAutoConstruct());
      if (!absent) {
        json.set(getter.getName().substring(3), node(value));
      }
    }
    return json;
  }

  private static JsonNode node(Object value) throws ReflectiveOperationException {
    return switch (value) {
      case ByteBuffer bytes ->
          NODES.textNode(Base64.getEncoder().encodeToString(bytes.duplicate().array()));
      case Date time -> NODES.numberNode(SdkShapes.Times.seconds(time.toInstant()));
      case Collection<?> list -> {
        ArrayNode array = NODES.arrayNode();
        for (Object each : list) {
          array.add(node(each));
        }
        yield array;
      }
      case Integer number -> NODES.numberNode(number);
      case Long number -> NODES.numberNode(number);
      case Boolean flag -> NODES.booleanNode(flag);
      case String text -> NODES.textNode(text);
      default ->
          value.getClass().getName().startsWith(MODEL)
              ? json(value)
              : NODES.textNode(value.toString());
    };
  }
}
