package io.millrace.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignalingConfigTest {
  @ParameterizedTest
  @CsvSource({
    "http://media.example:8080, 0, http://media.example:8080",
    "http://media.example:8080, 8443, https://media.example:8443",
    "http://media.example, 443, https://media.example",
    "https://media.example:443, 8443, https://media.example",
    "https://media.example:444, 0, https://media.example:444",
    "http://media.example:80, 0, http://media.example",
    "http://[::1]:8080, 8443, https://[::1]:8443",
  })
  void signalingPrefersTls(String publicUrl, int tlsPort, String expected) {
    OptionalInt port = tlsPort == 0 ? OptionalInt.empty() : OptionalInt.of(tlsPort);
    assertThat(SignalingConfig.secured(publicUrl, port)).isEqualTo(expected);
  }

  @Test
  void anAddressOfItsOwnWins() {
    Settings settings =
        Settings.load(
            Map.of(), null, Map.of(), Map.of("signaling.public-url", "https://signal.example:443"));
    assertThat(
            SignalingConfig.read(settings, () -> "http://x:1", () -> OptionalInt.of(2))
                .publicUrl()
                .get())
        .isEqualTo("https://signal.example");
  }

  @ParameterizedTest
  @CsvSource({
    "signaling.ping-interval, 75 s",
    "signaling.ping-interval, 0 s",
    "signaling.idle-limit, 0 s",
    "signaling.go-away-notice, 1 h",
    "signaling.turn-urls, http://turn.example",
    "signaling.turn-lifetime, 29 s",
    "signaling.turn-lifetime, 2 d",
  })
  void whatCannotWorkIsRefused(String key, String value) {
    Settings settings = Settings.load(Map.of(), null, Map.of(), Map.of(key, value));
    assertThatThrownBy(() -> SignalingConfig.read(settings, () -> "http://x:1", OptionalInt::empty))
        .isInstanceOf(InvalidSetting.class)
        .hasMessageContaining(key);
  }
}
