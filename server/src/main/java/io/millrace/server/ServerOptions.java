package io.millrace.server;

import io.millrace.server.config.InvalidSetting;
import io.millrace.server.config.Settings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of every command that starts a server; each is a short name for a setting. */
final class ServerOptions {
  /** The variable under which other servers for tests take streams to make at start. */
  private static final String INITIALIZE_STREAMS = "INITIALIZE_STREAMS";

  @Option(names = "--config", paramLabel = "FILE", description = "YAML file over the defaults.")
  private @Nullable Path config;

  @Option(names = "--data", paramLabel = "DIR", description = "Where everything is kept.")
  private @Nullable String data;

  @Option(names = "--http-host", paramLabel = "ADDRESS", description = "Address to listen on.")
  private @Nullable String httpHost;

  @Option(names = "--http-port", paramLabel = "N", description = "Port; 0 takes a free one.")
  private @Nullable String httpPort;

  @Option(
      names = "--https-port",
      paramLabel = "N",
      description = "Port for TLS; 0 takes a free one. Without it there is no TLS.")
  private @Nullable String httpsPort;

  @Option(
      names = "--webrtc-port",
      paramLabel = "N",
      description = "UDP port of WebRTC; 0 takes a free one.")
  private @Nullable String webRtcPort;

  @Option(
      names = "--rtsp-port",
      paramLabel = "N",
      description = "Port of RTSP; 0 takes a free one, '' none.")
  private @Nullable String rtspPort;

  @Option(
      names = "--public-url",
      paramLabel = "URL",
      description = "What clients use to reach the server.")
  private @Nullable String publicUrl;

  @Option(
      names = "--insecure",
      description = "Listen beyond loopback although requests are not authenticated.")
  private boolean insecure;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Any setting of reference.yaml; may be given several times.")
  private Map<String, String> set = new HashMap<>();

  /**
   * All settings with these options on top.
   *
   * @param defaults values that options, environment and file may override, by dotted key
   * @throws InvalidSetting for unknown or unreadable settings
   */
  Settings settings(Map<String, String> defaults) {
    Map<String, String> flags = new HashMap<>(set);
    put(flags, "data", data);
    put(flags, "http.host", httpHost);
    put(flags, "http.port", httpPort);
    put(flags, "http.https-port", httpsPort);
    put(flags, "webrtc.port", webRtcPort);
    put(flags, "rtsp.port", rtspPort);
    put(flags, "http.public-url", publicUrl);
    if (insecure) {
      flags.put("http.insecure", "true");
    }
    String initialStreams = System.getenv(INITIALIZE_STREAMS);
    if (initialStreams != null) {
      var unused = flags.putIfAbsent("data-streams.initialize", initialStreams);
    }
    return Settings.load(defaults, config, System.getenv(), flags);
  }

  private static void put(Map<String, String> flags, String key, @Nullable String value) {
    if (value != null) {
      flags.put(key, value);
    }
  }
}
