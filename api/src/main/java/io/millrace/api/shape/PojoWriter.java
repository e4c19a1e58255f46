package io.millrace.api.shape;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;

/**
 * Writes response types of the AWS SDK as JSON or CBOR, see {@link BodyFormat}; absent members are
 * left out. Thread-safe.
 */
public final class PojoWriter {
  private static final JsonFactory JSON = new JsonFactory();
  private static final CBORFactory CBOR = new CBORFactory();
  private static final int EPOCH_MILLIS_TAG = 1;

  private PojoWriter() {}

  /** The JSON object of the members that travel in the body. */
  public static byte[] json(SdkPojo response) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(256);
    write(BodyFormat.JSON, response, out);
    return out.toByteArray();
  }

  /**
   * Writes the object of the members that travel in the body.
   *
   * @param out not closed; its failures come back unchecked
   */
  public static void write(BodyFormat format, SdkPojo response, OutputStream out) {
    JsonFactory factory = format == BodyFormat.JSON ? JSON : CBOR;
    try (JsonGenerator body = factory.createGenerator(out)) {
      body.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      structure(body, response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void structure(JsonGenerator body, SdkPojo pojo) throws IOException {
    body.writeStartObject();
    if (pojo instanceof OpenShape(SdkPojo known, Map<String, ?> further)) {
      if (known != null) {
        members(body, known, further);
      }
      for (Map.Entry<String, ?> member : further.entrySet()) {
        body.writeFieldName(member.getKey());
        value(body, member.getValue());
      }
    } else {
      members(body, pojo, Map.of());
    }
    body.writeEndObject();
  }

  private static void members(JsonGenerator body, SdkPojo pojo, Map<String, ?> replaced)
      throws IOException {
    for (SdkField<?> field : pojo.sdkFields()) {
      if (field.location() != MarshallLocation.PAYLOAD
          || replaced.containsKey(field.locationName())) {
        continue;
      }
      Object value = field.getValueOrDefault(pojo);
      if (value == null
          || value instanceof SdkAutoConstructList<?>
          || value instanceof SdkAutoConstructMap<?, ?>) {
        continue;
      }
      body.writeFieldName(field.locationName());
      value(body, value);
    }
  }

  private static void value(JsonGenerator body, Object value) throws IOException {
    switch (value) {
      case String text -> body.writeString(text);
      case Integer number -> body.writeNumber(number);
      case Long number -> body.writeNumber(number);
      case Short number -> body.writeNumber(number);
      case Byte number -> body.writeNumber(number.intValue());
      case Float number -> body.writeNumber(number);
      case Double number -> body.writeNumber(number);
      case BigDecimal number -> body.writeNumber(number);
      case Boolean truth -> body.writeBoolean(truth);
      case Instant instant -> instant(body, instant);
      case SdkBytes bytes -> body.writeBinary(bytes.asByteArrayUnsafe());
      case byte[] bytes -> body.writeBinary(bytes);
      case List<?> list -> {
        body.writeStartArray(list, list.size());
        for (Object member : list) {
          value(body, member);
        }
        body.writeEndArray();
      }
      case Map<?, ?> map -> {
        body.writeStartObject(map, map.size());
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          body.writeFieldName(entry.getKey().toString());
          value(body, entry.getValue());
        }
        body.writeEndObject();
      }
      case SdkPojo pojo -> structure(body, pojo);
      default -> throw new IllegalStateException("no form for " + value.getClass());
    }
  }

  private static void instant(JsonGenerator body, Instant instant) throws IOException {
    if (body instanceof CBORGenerator cbor) {
      cbor.writeTag(EPOCH_MILLIS_TAG);
      cbor.writeNumber(instant.toEpochMilli());
    } else {
      body.writeNumber(epochSeconds(instant));
    }
  }

  /** Plain decimal digits with as many decimals as needed, which every client reads. */
  private static String epochSeconds(Instant instant) {
    return BigDecimal.valueOf(instant.getEpochSecond())
        .add(BigDecimal.valueOf(instant.getNano(), 9))
        .stripTrailingZeros()
        .toPlainString();
  }
}
