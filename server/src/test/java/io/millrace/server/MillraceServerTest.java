package io.millrace.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.server.config.Settings;
import io.millrace.server.config.StartFailure;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MillraceServerTest {
  @TempDir Path folder;

  private Settings settings(Map<String, String> more) {
    Map<String, String> flags = new java.util.HashMap<>(more);
    flags.putIfAbsent("data", folder.resolve("data").toString());
    flags.putIfAbsent("http.port", "0");
    flags.putIfAbsent("webrtc.port", "0");
    flags.putIfAbsent("rtsp.port", "0");
    return Settings.load(Map.of(), null, Map.of(), flags);
  }

  private static HttpResponse<String> get(String url) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  @Test
  void everySettingOfTheReferenceHasAnEffect() {
    Settings settings = settings(Map.of());
    try (MillraceServer server = MillraceServer.start(settings)) {
      assertThat(server.localUrl()).startsWith("http://127.0.0.1:");
      assertThat(settings.unread()).isEmpty();
    }
  }

  @Test
  void answersHealthMetricsAndThePage() throws Exception {
    try (MillraceServer server = MillraceServer.start(settings(Map.of()))) {
      assertThat(get(server.localUrl() + "/healthz").body()).isEqualTo("ok\n");
      assertThat(get(server.localUrl() + "/readyz").statusCode()).isEqualTo(200);
      assertThat(get(server.localUrl() + "/metrics").body())
          .contains("millrace_requests_total{operation=\"GET /healthz\",outcome=\"ok\"} 1.0")
          .contains("millrace_store_commits_total")
          .contains("jvm_memory_used_bytes");
      assertThat(get(server.localUrl() + "/").body()).contains("<title>Millrace</title>");
      assertThat(get(server.localUrl() + "/web/hls.min.js").body()).contains("Hls");
    }
  }

  @Test
  void servesTheSameOverTls() throws Exception {
    try (MillraceServer server = MillraceServer.start(settings(Map.of("http.https-port", "0")))) {
      String url = server.localTlsUrl().orElseThrow();
      assertThat(url).startsWith("https://127.0.0.1:");
      String trusted = server.trustFile().orElseThrow().toString();
      Process curl =
          new ProcessBuilder(
                  List.of(
                      "curl",
                      "-sS",
                      "--cacert",
                      trusted,
                      "--no-alpn",
                      "--http2-prior-knowledge",
                      "-w",
                      "%{http_version}",
                      url + "/healthz"))
              .redirectErrorStream(true)
              .start();
      assertThat(new String(curl.getInputStream().readAllBytes())).isEqualTo("ok\n2");
    }
    try (MillraceServer server = MillraceServer.start(settings(Map.of()))) {
      assertThat(server.localTlsUrl()).isEmpty();
      assertThat(server.trustFile()).isEmpty();
    }
  }

  @Test
  void certificateAndKeyGoTogether() {
    Settings one = settings(Map.of("http.tls-key", "key.pem"));
    assertThatThrownBy(() -> MillraceServer.start(one))
        .hasMessageContaining("'http.tls-certificate' and 'http.tls-key' go together");
  }

  @Test
  void aTakenPortIsAStartFailureAndLeavesNothingBehind() {
    try (MillraceServer first = MillraceServer.start(settings(Map.of()))) {
      String port = first.localUrl().replaceAll(".*:", "");
      Settings second =
          settings(Map.of("http.port", port, "data", folder.resolve("second").toString()));
      assertThatThrownBy(() -> MillraceServer.start(second)).isInstanceOf(StartFailure.class);
    }
    try (MillraceServer third =
        MillraceServer.start(settings(Map.of("data", folder.resolve("second").toString())))) {
      assertThat(third.localUrl()).isNotEmpty();
    }
  }

  @Test
  void aDataFolderInUseOrUnusableIsAStartFailure() throws IOException {
    try (MillraceServer first = MillraceServer.start(settings(Map.of()))) {
      assertThat(first.localUrl()).isNotEmpty();
      assertThatThrownBy(() -> MillraceServer.start(settings(Map.of())))
          .isInstanceOf(StartFailure.class)
          .hasMessageContaining(folder.toString());
    }
    Path file = Files.writeString(folder.resolve("file"), "not a folder");
    assertThatThrownBy(() -> MillraceServer.start(settings(Map.of("data", file.toString()))))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("file");
  }
}
