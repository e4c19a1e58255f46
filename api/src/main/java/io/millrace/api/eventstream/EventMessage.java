package io.millrace.api.eventstream;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.api.shape.BodyFormat;
import io.millrace.api.shape.OpenShape;
import io.millrace.api.shape.PojoWriter;
import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.Map;
import software.amazon.awssdk.core.SdkPojo;

/**
 * One message of an event stream, ready to send. It may be sent on any number of streams. The
 * frame: total length, length of the headers and the CRC-32 of these two, each four bytes
 * big-endian; headers; payload; CRC-32 of everything before it.
 */
public final class EventMessage {
  /** Bytes of a message beside its headers and payload. */
  static final int FRAME_BYTES = 16;

  private final Buffer bytes;

  private EventMessage(Buffer bytes) {
    this.bytes = bytes;
  }

  /** The message every stream begins with. */
  public static EventMessage initialResponse(BodyFormat format) {
    return event("initial-response", format, OpenShape.of(Map.of()));
  }

  /**
   * An event of the model.
   *
   * @param type name of the event, such as {@code SubscribeToShardEvent}
   * @param format format of the payload
   * @param event its members
   */
  public static EventMessage event(String type, BodyFormat format, SdkPojo event) {
    Frame frame = eventHeaders(type, format);
    PojoWriter.write(format, event, frame);
    return new EventMessage(frame.finish());
  }

  /**
   * An event whose payload is written already.
   *
   * @param payload an object in this format; borrowed
   */
  public static EventMessage event(String type, BodyFormat format, byte[] payload) {
    Frame frame = eventHeaders(type, format);
    frame.write(payload, 0, payload.length);
    return new EventMessage(frame.finish());
  }

  /**
   * What ends a stream that failed: an exception of the model, or a plain error where the shape is
   * none of a model's.
   */
  public static EventMessage exception(AwsException told, BodyFormat format) {
    AwsError error =
        told.error() == AwsError.INTERNAL_FAILURE ? AwsError.INTERNAL_FAILURE_EVENT : told.error();
    if (error.service() == AwsError.Service.FRONT) {
      Frame frame = new Frame();
      frame.header(":message-type", "error");
      frame.header(":error-code", error.shape());
      frame.header(":error-message", told.clientMessage());
      return new EventMessage(frame.endOfHeaders().finish());
    }
    Frame frame = new Frame();
    frame.header(":message-type", "exception");
    frame.header(":exception-type", error.shape());
    frame.header(":content-type", contentType(format));
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("message", told.clientMessage());
    members.putAll(told.members());
    PojoWriter.write(format, OpenShape.of(members), frame.endOfHeaders());
    return new EventMessage(frame.finish());
  }

  private static Frame eventHeaders(String type, BodyFormat format) {
    Frame frame = new Frame();
    frame.header(":message-type", "event");
    frame.header(":event-type", type);
    frame.header(":content-type", contentType(format));
    return frame.endOfHeaders();
  }

  private static String contentType(BodyFormat format) {
    return format == BodyFormat.JSON ? "application/x-amz-json-1.1" : "application/x-amz-cbor-1.1";
  }

  /** The framed bytes; not to be changed. */
  public Buffer bytes() {
    return bytes;
  }

  /** Bytes of the whole message. */
  public int sizeBytes() {
    return bytes.length();
  }
}
