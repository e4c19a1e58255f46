package io.millrace.ingest.signaling.relay;

import io.millrace.api.error.AwsError;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** What the server sends, as text. */
final class ServerMessage {
  /** Tells a client to connect anew, soon. */
  static final String GO_AWAY = "{\"messageType\":\"GO_AWAY\"}";

  /** Tells a client to fetch ICE servers anew. */
  static final String RECONNECT_ICE_SERVER = "{\"messageType\":\"RECONNECT_ICE_SERVER\"}";

  private ServerMessage() {}

  /**
   * A peer's message.
   *
   * @param sender null for the master and for the server itself
   */
  static String of(@Nullable String sender, MessageType type, String payload) {
    JsonObject message = new JsonObject();
    if (sender != null) {
      message.put("senderClientId", sender);
    }
    return message.put("messageType", type.name()).put("messagePayload", payload).encode();
  }

  /** What became of the message of a correlation id; the status is a text on the wire. */
  static String failed(String correlationId, AwsError error, String description) {
    return new JsonObject()
        .put("messageType", "STATUS_RESPONSE")
        .put(
            "statusResponse",
            new JsonObject()
                .put("correlationId", correlationId)
                .put("errorType", error.shape())
                .put("statusCode", Integer.toString(error.status()))
                .put("description", description))
        .encode();
  }
}
