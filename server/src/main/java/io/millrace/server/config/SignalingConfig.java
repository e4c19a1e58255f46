package io.millrace.server.config;

import io.millrace.ingest.control.ControlSettings;
import io.millrace.ingest.signaling.SignalingSettings;
import java.net.URI;
import java.util.OptionalInt;
import java.util.function.Supplier;

/** Reads the {@code signaling} section. */
public final class SignalingConfig {
  private SignalingConfig() {}

  /**
   * The settings of signaling.
   *
   * @param publicUrl what clients use to reach the server, asked at each call
   * @param tlsPort the TLS listener's port if there is one, asked at each call
   */
  public static SignalingSettings read(
      Settings settings, Supplier<String> publicUrl, Supplier<OptionalInt> tlsPort) {
    String own = HttpSettings.url(settings, "signaling.public-url");
    Supplier<String> url =
        () -> own.isEmpty() ? secured(publicUrl.get(), tlsPort.get()) : withoutUsualPort(own);
    return new SignalingSettings(
        new ControlSettings(
            settings.text("region"),
            settings.text("account"),
            publicUrl,
            settings.number("ingest.max-streams", 1, 10_000_000)),
        url,
        settings.number("signaling.max-channels", 1, 1_000_000));
  }

  /** The TLS listener is preferred, since most clients of signaling take no other. */
  static String secured(String publicUrl, OptionalInt tlsPort) {
    URI parsed = URI.create(publicUrl);
    return withoutUsualPort(
        parsed.getScheme().equals("http") && tlsPort.isPresent()
            ? "https://" + parsed.getHost() + ":" + tlsPort.getAsInt()
            : publicUrl);
  }

  /** Some clients refuse an address with a port although it is the scheme's own. */
  private static String withoutUsualPort(String url) {
    String usual = url.startsWith("https:") ? ":443" : ":80";
    return url.endsWith(usual) ? url.substring(0, url.length() - usual.length()) : url;
  }
}
