package io.millrace.ingest.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.AwsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Credentials never stay in the URL of a source. */
class SourceAddressTest {
  @ParameterizedTest
  @CsvSource({
    "rtsp://h/x, rtsp://h/x, h:-1,,",
    "rtsp://u:p%40+w@h:1/x, rtsp://h:1/x, h:1, u, p@+w",
    "srt://:9000?mode=listener, srt://:9000?mode=listener, :9000:-1,,",
    "srt://:9000?passphrase=a%20b&mode=listener, srt://:9000?mode=listener, :9000:-1,, a b",
    "srt://:9000?mode=listener&passphrase=ab, srt://:9000?mode=listener, :9000:-1,, ab",
    "srt://h:9000?passphrase=ab, srt://h:9000, h:9000,, ab",
    "rtmp://:1935/live/key, rtmp://:1935/live/key, :1935:-1,,",
  })
  void takesCredentialsOut(String text, String url, String host, String user, String password) {
    SourceAddress address = SourceAddress.of(text);
    assertThat(address.url()).isEqualTo(url);
    assertThat(address.host()).isEqualTo(host);
    assertThat(address.username().orElse(null)).isEqualTo(user);
    assertThat(address.password().orElse(null)).isEqualTo(password);
  }

  @ParameterizedTest
  @ValueSource(strings = {"h/x", "rtsp://", "rtsp://:554/x", "http://:80/", "srt://", "a b"})
  void refusesWhatIsNoAddress(String text) {
    assertThatThrownBy(() -> SourceAddress.of(text)).isInstanceOf(AwsException.class);
  }

  @Test
  void whatAnErrorSaysHasNoPassword() {
    assertThatThrownBy(() -> SourceAddress.of("rtsp://u:secret@h /"))
        .hasMessageNotContaining("secret");
  }
}
