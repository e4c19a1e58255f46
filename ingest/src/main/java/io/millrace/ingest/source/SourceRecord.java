package io.millrace.ingest.source;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** A source as bytes in a table: JSON with the password sealed. */
final class SourceRecord {
  private SourceRecord() {}

  static byte[] encode(Source source, SecretBox box) {
    JsonObject json =
        new JsonObject()
            .put("url", source.url())
            .put("stream", source.stream())
            .put("transport", source.transport().name().toLowerCase(Locale.ROOT))
            .put("enabled", source.enabled());
    source.username().ifPresent(name -> json.put("username", name));
    source
        .password()
        .ifPresent(secret -> json.put("sealedPassword", box.seal(secret, source.name())));
    return json.encode().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * @throws SecretBox.WrongKey if its password was sealed with another key
   */
  static Source decode(String name, byte[] bytes, SecretBox box) throws SecretBox.WrongKey {
    JsonObject json = new JsonObject(new String(bytes, StandardCharsets.UTF_8));
    byte[] sealed = json.getBinary("sealedPassword");
    return new Source(
        name,
        json.getString("url"),
        Optional.ofNullable(json.getString("username")),
        sealed == null ? Optional.empty() : Optional.of(box.open(sealed, name)),
        json.getString("stream"),
        Source.Transport.valueOf(json.getString("transport").toUpperCase(Locale.ROOT)),
        json.getBoolean("enabled"));
  }
}
