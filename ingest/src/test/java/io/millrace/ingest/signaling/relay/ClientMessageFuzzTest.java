package io.millrace.ingest.signaling.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a client sends is a message within the limits or is refused, and nothing else. */
class ClientMessageFuzzTest {
  private static final int MAX_PAYLOAD = 100;

  static Stream<byte[]> messages() {
    return Stream.of(
            "{\"action\":\"SDP_OFFER\",\"messagePayload\":\"eA==\"}",
            "{\"action\":\"SDP_ANSWER\",\"RecipientClientId\":\"v1\",\"MessagePayload\":\"eA==\","
                + "\"CorrelationId\":\"c\",\"IceServerList\":[{\"Uris\":[\"turn:x\"],\"Ttl\":30}]}",
            "{\"action\":\"ICE_CANDIDATE\",\"messagePayload\":\"" + "a".repeat(100) + "\"}",
            "{\"ACTION\":\"ICE_CANDIDATE\",\"messagePayload\":{},\"correlationId\":\"c\"}",
            "[[[[[[[[[[[[",
            "{\"action\":null,\"correlationId\":7}",
            "\uFEFF{}",
            "{} {}")
        .map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("messages")
  @FuzzTest(maxDuration = "60s")
  void textsAreMessagesOrRefused(byte[] bytes) {
    ClientMessage message;
    try {
      message = ClientMessage.read(new String(bytes, StandardCharsets.UTF_8), MAX_PAYLOAD);
    } catch (BadMessage refused) {
      assertThat(refused.description()).isNotEmpty();
      String correlationId = refused.correlationId();
      assertThat(correlationId == null || ClientMessage.isName(correlationId)).isTrue();
      return;
    }
    assertThat(message.payload()).isNotEmpty().hasSizeLessThanOrEqualTo(MAX_PAYLOAD);
    JsonObject again =
        new JsonObject()
            .put("action", message.type().name())
            .put("messagePayload", message.payload())
            .put("recipientClientId", message.recipient())
            .put("correlationId", message.correlationId());
    try {
      assertThat(ClientMessage.read(again.encode(), MAX_PAYLOAD)).isEqualTo(message);
    } catch (BadMessage refused) {
      throw new AssertionError("taken once and refused then: " + again, refused);
    }
    JsonObject relayed = new JsonObject(ServerMessage.of("v1", message.type(), message.payload()));
    assertThat(relayed.getString("messagePayload")).isEqualTo(message.payload());
  }
}
