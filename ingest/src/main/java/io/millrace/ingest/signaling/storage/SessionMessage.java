package io.millrace.ingest.signaling.storage;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Payloads of messages as browsers write them: JSON in base64. */
final class SessionMessage {
  private SessionMessage() {}

  /** The payload of an offer. */
  static String offer(String sdp) {
    String json = new JsonObject().put("type", "offer").put("sdp", sdp).encode();
    return Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * A text of a payload's object.
   *
   * @param member {@code sdp} or {@code candidate}
   * @return null if there is none
   */
  static @Nullable String text(String payload, String member) {
    try {
      String plain = payload.replace('-', '+').replace('_', '/');
      byte[] json = Base64.getDecoder().decode(plain);
      return new JsonObject(new String(json, StandardCharsets.UTF_8)).getValue(member)
              instanceof String text
          ? text
          : null;
    } catch (IllegalArgumentException | DecodeException e) {
      return null;
    }
  }
}
