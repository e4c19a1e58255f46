package io.millrace.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
  private static Settings with(Map<String, String> flags) {
    return Settings.load(Map.of(), null, Map.of(), flags);
  }

  @Test
  void laterLayersWin(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("millrace.yaml");
    Files.writeString(file, "http:\n  port: 2\n  host: 127.0.0.2\nregion: eu-west-1\n");
    Settings settings =
        Settings.load(
            Map.of("http.port", "1", "data", "/demo"),
            file,
            Map.of(
                "MILLRACE_HTTP_PORT",
                "3",
                "PATH",
                "/bin",
                "MILLRACE_HEAP",
                "2g",
                "MILLRACE_GC",
                "-XX:+UseG1GC"),
            Map.of("http.port", "4"));
    assertThat(settings.number("http.port", 0, 65_535)).isEqualTo(4);
    assertThat(settings.text("http.host")).isEqualTo("127.0.0.2");
    assertThat(settings.text("data")).isEqualTo("/demo");
    assertThat(settings.text("region")).isEqualTo("eu-west-1");
    assertThat(settings.text("account")).isEqualTo("000000000000");
  }

  @Test
  void unknownNamesAreErrorsInEveryLayer(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("millrace.yaml");
    Files.writeString(file, "http:\n  prot: 1\n");
    assertThatThrownBy(() -> Settings.load(Map.of(), file, Map.of(), Map.of()))
        .isInstanceOf(InvalidSetting.class)
        .hasMessageContaining("http.prot")
        .hasMessageContaining("millrace.yaml");
    assertThatThrownBy(
            () -> Settings.load(Map.of(), null, Map.of("MILLRACE_HTTP_PROT", "1"), Map.of()))
        .hasMessageContaining("MILLRACE_HTTP_PROT");
    assertThatThrownBy(() -> with(Map.of("nothing", "1"))).hasMessageContaining("nothing");
  }

  @Test
  void brokenYamlNamesTheFile(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("millrace.yaml");
    Files.writeString(file, "http: [1, 2\n");
    assertThatThrownBy(() -> Settings.load(Map.of(), file, Map.of(), Map.of()))
        .isInstanceOf(InvalidSetting.class)
        .hasMessageContaining(file.toString());
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1 B, 1", "3 KiB, 3072", "64 MiB, 67108864", "1 GiB, 1073741824", "7, 7"})
  void sizes(String text, long bytes) {
    assertThat(with(Map.of("store.live-ring", text)).bytes("store.live-ring")).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({"5 ms, PT0.005S", "20 s, PT20S", "3 m, PT3M", "2 h, PT2H", "1 d, PT24H"})
  void timeSpans(String text, Duration span) {
    assertThat(with(Map.of("http.idle-timeout", text)).duration("http.idle-timeout"))
        .isEqualTo(span);
  }

  @ParameterizedTest
  @CsvSource({"http.idle-timeout, 20", "http.idle-timeout, -1 s", "store.live-ring, 64 MB"})
  void wrongUnitsSayWhatIsAllowed(String key, String text) {
    Settings settings = with(Map.of(key, text));
    assertThatThrownBy(
            () -> {
              if (key.startsWith("http")) {
                settings.duration(key);
              } else {
                settings.bytes(key);
              }
            })
        .isInstanceOf(InvalidSetting.class)
        .hasMessageContaining(key)
        .hasMessageContaining("such as");
  }

  @Test
  void numbersKeepTheirRange() {
    assertThat(with(Map.of("http.port", "65535")).number("http.port", 0, 65_535)).isEqualTo(65_535);
    for (String bad : new String[] {"65536", "-1", "eighty", ""}) {
      assertThatThrownBy(() -> with(Map.of("http.port", bad)).number("http.port", 0, 65_535))
          .isInstanceOf(InvalidSetting.class)
          .hasMessageContaining("0 to 65535");
    }
  }

  @Test
  void onlyLoopbackWithoutInsecure() {
    assertThat(HttpSettings.read(with(Map.of())).door().host()).isEqualTo("127.0.0.1");
    assertThatThrownBy(() -> HttpSettings.read(with(Map.of("http.host", "0.0.0.0"))))
        .isInstanceOf(InvalidSetting.class)
        .hasMessageContaining("--insecure");
    Map<String, String> open = Map.of("http.host", "0.0.0.0", "http.insecure", "true");
    assertThat(HttpSettings.read(with(open)).door().host()).isEqualTo("0.0.0.0");
  }

  @ParameterizedTest
  @CsvSource({"ftp://host", "http://host/path", "host:8080", "http://"})
  void publicUrlIsSchemeHostAndPort(String url) {
    assertThatThrownBy(() -> HttpSettings.read(with(Map.of("http.public-url", url))))
        .isInstanceOf(InvalidSetting.class)
        .hasMessageContaining("http.public-url");
  }

  @Test
  void publicUrlAsGiven() {
    assertThat(HttpSettings.read(with(Map.of("http.public-url", "https://cams.example:8443"))))
        .returns("https://cams.example:8443", HttpSettings::publicUrl);
  }
}
