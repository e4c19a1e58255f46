package io.millrace.server.config;

import io.millrace.api.wire.FrontDoorSettings;
import io.millrace.api.wire.RouterSettings;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;

/**
 * The {@code http} section.
 *
 * @param door listeners
 * @param secure the TLS listener
 * @param router limits of requests
 * @param publicUrl as configured, empty for the default
 * @param shutdownGrace for requests in flight
 */
public record HttpSettings(
    FrontDoorSettings door,
    HttpsSettings secure,
    RouterSettings router,
    String publicUrl,
    Duration shutdownGrace) {

  /**
   * Reads the section.
   *
   * @throws InvalidSetting also when the address is open to the network without {@code insecure}
   */
  public static HttpSettings read(Settings settings) {
    String host = settings.text("http.host");
    boolean insecure = settings.flag("http.insecure");
    if (!insecure && !isLoopback("http.host", host)) {
      throw new InvalidSetting(
          "setting 'http.host' is '"
              + host
              + "', open to the network, but requests are not authenticated;"
              + " use 127.0.0.1, or --insecure to accept that");
    }
    int loops = settings.number("http.event-loops", 0, 256);
    FrontDoorSettings defaults =
        FrontDoorSettings.on(host, settings.number("http.port", 0, 65_535));
    FrontDoorSettings door =
        new FrontDoorSettings(
            defaults.host(),
            defaults.port(),
            loops == 0 ? Runtime.getRuntime().availableProcessors() : loops,
            settings.intBytes("http.max-initial-line"),
            settings.intBytes("http.max-headers"),
            defaults.maxChunkBytes(),
            defaults.maxConcurrentStreams(),
            defaults.streamWindowBytes(),
            defaults.connectionWindowBytes(),
            defaults.maxResetsPer30s(),
            defaults.sendBufferBytes(),
            settings.intBytes("http.max-web-socket-message"),
            settings.duration("http.idle-timeout"));
    RouterSettings routerDefaults = RouterSettings.defaults();
    RouterSettings router =
        new RouterSettings(
            settings.intBytes("http.max-json-body"),
            settings.number("http.max-json-depth", 1, 1000),
            routerDefaults.maxTokens(),
            routerDefaults.maxBufferedBytes(),
            settings.duration("http.json-body-timeout"),
            routerDefaults.gzipMinBytes(),
            routerDefaults.discardBytes(),
            routerDefaults.discardTimeout(),
            settings.text("http.cors-origin"));
    return new HttpSettings(
        door,
        HttpsSettings.read(settings),
        router,
        url(settings, "http.public-url"),
        settings.duration("http.shutdown-grace"));
  }

  /**
   * A URL of this server as clients know it: scheme, host and port alone, or empty.
   *
   * @throws InvalidSetting if it has more, or less
   */
  static String url(Settings settings, String key) {
    String url = settings.text(key);
    if (url.isEmpty()) {
      return url;
    }
    URI parsed;
    try {
      parsed = URI.create(url);
    } catch (IllegalArgumentException e) {
      throw new InvalidSetting("setting '" + key + "' is '" + url + "', which is not a URL");
    }
    boolean web = "http".equals(parsed.getScheme()) || "https".equals(parsed.getScheme());
    String path = parsed.getPath();
    if (!web || parsed.getHost() == null || !(path == null || path.isEmpty())) {
      throw new InvalidSetting(
          "setting '" + key + "' is '" + url + "', but must be http(s)://host[:port] alone");
    }
    return url;
  }

  /**
   * Whether only this machine reaches an address.
   *
   * @param key setting that it comes from
   */
  static boolean isLoopback(String key, String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new InvalidSetting("setting '" + key + "' is '" + host + "', which is not an address");
    }
  }
}
