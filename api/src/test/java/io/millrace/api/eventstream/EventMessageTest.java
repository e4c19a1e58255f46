package io.millrace.api.eventstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.error.AwsError;
import io.millrace.api.shape.BodyFormat;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEvent;
import software.amazon.eventstream.Message;
import software.amazon.eventstream.MessageDecoder;

class EventMessageTest {

  /** Decodes with the SDK's own decoder, which checks both checksums. */
  private static Message decoded(EventMessage message) {
    List<Message> messages = new ArrayList<>();
    new MessageDecoder(messages::add).feed(ByteBuffer.wrap(message.bytes().getBytes()));
    assertThat(messages).hasSize(1);
    return messages.getFirst();
  }

  private static Map<String, String> headers(Message message) {
    return message.getHeaders().entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().getString()));
  }

  private static String payload(Message message) {
    return new String(message.getPayload(), StandardCharsets.UTF_8);
  }

  @Test
  void framesTheInitialResponse() {
    EventMessage message = EventMessage.initialResponse(BodyFormat.JSON);
    // Lengths 0x72 and 0x60, their checksum, three headers, an empty object, the checksum.
    assertThat(HexFormat.of().formatHex(message.bytes().getBytes()))
        .isEqualTo(
            "0000007200000060ab820d9e"
                + "0d3a6d6573736167652d74797065"
                + "070005"
                + "6576656e74"
                + "0b3a6576656e742d74797065"
                + "070010"
                + "696e697469616c2d726573706f6e7365"
                + "0d3a636f6e74656e742d74797065"
                + "07001a"
                + "6170706c69636174696f6e2f782d616d7a2d6a736f6e2d312e31"
                + "7b7d"
                + "e16e66e4");
    assertThat(payload(decoded(message))).isEqualTo("{}");
  }

  @Test
  void framesEvents() {
    SubscribeToShardEvent event =
        SubscribeToShardEvent.builder()
            .records(
                Record.builder().sequenceNumber("1").data(SdkBytes.fromUtf8String("hi")).build())
            .continuationSequenceNumber("1")
            .millisBehindLatest(0L)
            .build();
    Message message = decoded(EventMessage.event("SubscribeToShardEvent", BodyFormat.JSON, event));
    assertThat(headers(message))
        .isEqualTo(
            Map.of(
                ":message-type", "event",
                ":event-type", "SubscribeToShardEvent",
                ":content-type", "application/x-amz-json-1.1"));
    assertThat(payload(message))
        .isEqualTo(
            "{\"Records\":[{\"SequenceNumber\":\"1\",\"Data\":\"aGk=\"}],"
                + "\"ContinuationSequenceNumber\":\"1\",\"MillisBehindLatest\":0}");
    byte[] large = new byte[3_000_000];
    EventMessage raw = EventMessage.event("E", BodyFormat.CBOR, large);
    assertThat(decoded(raw).getPayload()).isEqualTo(large);
    assertThat(headers(decoded(raw))).containsEntry(":content-type", "application/x-amz-cbor-1.1");
  }

  @Test
  void framesExceptionsOfTheModelAndOthers() {
    Message modelled =
        decoded(
            EventMessage.exception(
                AwsError.RESOURCE_IN_USE.because("taken over"), BodyFormat.JSON));
    assertThat(headers(modelled))
        .containsEntry(":message-type", "exception")
        .containsEntry(":exception-type", "ResourceInUseException");
    assertThat(payload(modelled)).isEqualTo("{\"message\":\"taken over\"}");
    Message internal =
        decoded(EventMessage.exception(AwsError.INTERNAL_FAILURE.because("oops"), BodyFormat.JSON));
    assertThat(headers(internal)).containsEntry(":exception-type", "InternalFailureException");
    Message other =
        decoded(
            EventMessage.exception(
                AwsError.SERVICE_UNAVAILABLE.because("x".repeat(40_000)), BodyFormat.JSON));
    assertThat(headers(other))
        .containsEntry(":message-type", "error")
        .containsEntry(":error-code", "ServiceUnavailableException")
        .containsEntry(":error-message", "x".repeat(32_767));
    assertThat(other.getPayload()).isEmpty();
  }
}
