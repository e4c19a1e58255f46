package io.millrace.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The part of the {@code http} section that is about TLS.
 *
 * @param port port of the TLS listener, 0 for a free one, empty for none
 * @param certificate PEM file of the operator's certificate, null for one of the development
 *     authority
 * @param key PEM file of its private key, null together with the certificate
 * @param reloadInterval how often these files are looked at for a change
 */
public record HttpsSettings(
    OptionalInt port, @Nullable Path certificate, @Nullable Path key, Duration reloadInterval) {

  /**
   * Reads the settings.
   *
   * @throws InvalidSetting also when only one of certificate and key is given
   */
  static HttpsSettings read(Settings settings) {
    OptionalInt port =
        settings.text("http.https-port").isEmpty()
            ? OptionalInt.empty()
            : OptionalInt.of(settings.number("http.https-port", 0, 65_535));
    Path certificate = file(settings.text("http.tls-certificate"));
    Path key = file(settings.text("http.tls-key"));
    if ((certificate == null) != (key == null)) {
      throw new InvalidSetting(
          "settings 'http.tls-certificate' and 'http.tls-key' go together, but only '%s' is given"
              .formatted(key == null ? "http.tls-certificate" : "http.tls-key"));
    }
    return new HttpsSettings(port, certificate, key, settings.duration("http.tls-reload-interval"));
  }

  private static @Nullable Path file(String name) {
    return name.isEmpty() ? null : Path.of(name).toAbsolutePath();
  }
}
