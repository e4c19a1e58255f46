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
  private static final int EPOCH_TAG = 1;
  private static final double MILLIS_PER_SECOND = 1000.0;

  private final JsonGenerator body;
  private final BodyFormat format;

  private PojoWriter(JsonGenerator body, BodyFormat format) {
    this.body = body;
    this.format = format;
  }

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
    JsonFactory factory = format.isText() ? JSON : CBOR;
    try (JsonGenerator body = factory.createGenerator(out)) {
      body.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      new PojoWriter(body, format).structure(response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void structure(SdkPojo pojo) throws IOException {
    body.writeStartObject();
    if (pojo instanceof OpenShape(SdkPojo known, Map<String, ?> further)) {
      if (known != null) {
        members(known, further);
      }
      for (Map.Entry<String, ?> member : further.entrySet()) {
        body.writeFieldName(member.getKey());
        value(member.getValue());
      }
    } else {
      members(pojo, Map.of());
    }
    body.writeEndObject();
  }

  private void members(SdkPojo pojo, Map<String, ?> replaced) throws IOException {
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
      value(value);
    }
  }

  private void value(Object value) throws IOException {
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
      case Instant instant -> instant(instant);
      case SdkBytes bytes -> body.writeBinary(bytes.asByteArrayUnsafe());
      case byte[] bytes -> body.writeBinary(bytes);
      case List<?> list -> {
        body.writeStartArray(list, list.size());
        for (Object member : list) {
          value(member);
        }
        body.writeEndArray();
      }
      case Map<?, ?> map -> {
        body.writeStartObject(map, map.size());
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          body.writeFieldName(entry.getKey().toString());
          value(entry.getValue());
        }
        body.writeEndObject();
      }
      case SdkPojo pojo -> structure(pojo);
      case SelfWritten written -> written.write(body, format);
      default -> throw new IllegalStateException("no form for " + value.getClass());
    }
  }

  private void instant(Instant instant) throws IOException {
    if (!(body instanceof CBORGenerator cbor)) {
      body.writeNumber(epochSeconds(instant));
      return;
    }
    cbor.writeTag(EPOCH_TAG);
    if (format.hasEpochSeconds()) {
      cbor.writeNumber(instant.toEpochMilli() / MILLIS_PER_SECOND);
    } else {
      cbor.writeNumber(instant.toEpochMilli());
    }
  }

  /**
   * Writes a timestamp of whole milliseconds.
   *
   * @param body for values of {@link SelfWritten}
   */
  public static void timestamp(JsonGenerator body, BodyFormat format, long epochMillis)
      throws IOException {
    if (format.isText()) {
      body.writeNumber(epochSeconds(epochMillis));
    } else {
      new PojoWriter(body, format).instant(Instant.ofEpochMilli(epochMillis));
    }
  }

  private static String epochSeconds(long epochMillis) {
    long millis = epochMillis % 1000;
    String seconds = Long.toString(epochMillis / 1000);
    if (millis == 0) {
      return seconds;
    }
    return seconds + (millis < 10 ? ".00" : millis < 100 ? ".0" : ".") + millis;
  }

  /** Plain decimal digits with as many decimals as needed, which every client reads. */
  private static String epochSeconds(Instant instant) {
    return BigDecimal.valueOf(instant.getEpochSecond())
        .add(BigDecimal.valueOf(instant.getNano(), 9))
        .stripTrailingZeros()
        .toPlainString();
  }
}
