package io.millrace.ingest.signaling.relay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.millrace.api.error.AwsError;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a client sends: {@code
 * {"action":"SDP_OFFER","recipientClientId":"…","messagePayload":"<base64>","correlationId":"…"}}.
 * Names of members are taken in any case, as clients differ; members that are not known are not
 * looked at; empty texts count as absent.
 *
 * @param type from the action
 * @param recipient client that it is for, null where a client has none to name
 * @param payload opaque, in base64
 * @param correlationId its sender wants to be told of an error under this name; null if not
 */
record ClientMessage(
    MessageType type, @Nullable String recipient, String payload, @Nullable String correlationId) {
  private static final Set<String> MEMBERS =
      Set.of("action", "recipientclientid", "messagepayload", "correlationid");
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_.-]{1,256}");
  private static final Pattern BASE64 = Pattern.compile("[a-zA-Z0-9+/=_-]+");
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(8)
                  .maxNameLength(256)
                  .maxStringLength(64 << 10)
                  .build())
          .build();

  /**
   * Reads a message.
   *
   * @param maxPayload longest payload, in characters
   */
  static ClientMessage read(String text, int maxPayload) throws BadMessage {
    Map<String, String> members = members(text);
    String correlationId = members.get("correlationid");
    if (correlationId != null && !isName(correlationId)) {
      throw new BadMessage(AwsError.INVALID_ARGUMENT, null, "correlationId is not a valid name");
    }
    String recipient = members.get("recipientclientid");
    if (recipient != null && !isName(recipient)) {
      throw invalid(correlationId, "recipientClientId must match " + NAME);
    }
    String payload = members.get("messagepayload");
    if (payload == null || payload.length() > maxPayload || !BASE64.matcher(payload).matches()) {
      throw invalid(
          correlationId,
          "messagePayload must be 1 to %d characters of base64".formatted(maxPayload));
    }
    return new ClientMessage(
        type(members.get("action"), correlationId), recipient, payload, correlationId);
  }

  /** Whether a text can be the name of a client or of a message. */
  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  private static BadMessage invalid(@Nullable String correlationId, String message) {
    return new BadMessage(AwsError.INVALID_ARGUMENT, correlationId, message);
  }

  private static MessageType type(@Nullable String action, @Nullable String correlationId)
      throws BadMessage {
    for (MessageType type : MessageType.values()) {
      if (type.name().equals(action)) {
        return type;
      }
    }
    throw invalid(correlationId, "action must be SDP_OFFER, SDP_ANSWER or ICE_CANDIDATE");
  }

  /** The members that mean something, by name in lower case. */
  private static Map<String, String> members(String text) throws BadMessage {
    Map<String, String> members = new HashMap<>();
    try (JsonParser parser = JSON.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw invalid(null, "a message is a JSON object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName().toLowerCase(Locale.ROOT);
        JsonToken value = parser.nextToken();
        if (!MEMBERS.contains(name)) {
          parser.skipChildren();
        } else if (value == JsonToken.VALUE_STRING) {
          if (!parser.getText().isEmpty()) {
            members.put(name, parser.getText());
          }
        } else if (value != JsonToken.VALUE_NULL) {
          throw invalid(null, name + " must be a text");
        }
      }
      if (parser.nextToken() != null) {
        throw invalid(null, "a message is one JSON object");
      }
    } catch (IOException e) {
      throw invalid(null, "a message is a JSON object");
    }
    return members;
  }
}
