package io.millrace.ingest.signaling.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a payload holds, it has a text or has none. */
class SessionMessageFuzzTest {
  static Stream<byte[]> payloads() {
    return Stream.of(
            "{\"type\":\"answer\",\"sdp\":\"v=0\"}",
            "{\"candidate\":\"candidate:1 1 udp 1 127.0.0.1 9 typ host\",\"sdpMid\":\"0\"}",
            "{\"sdp\":7}",
            "[1]",
            "7",
            "")
        .map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("payloads")
  @FuzzTest(maxDuration = "60s")
  void payloadsHaveATextOrNone(byte[] bytes) {
    String encoded = Base64.getEncoder().encodeToString(bytes);
    String url = Base64.getUrlEncoder().encodeToString(bytes);
    for (String member : new String[] {"sdp", "candidate"}) {
      assertThat(SessionMessage.text(url, member)).isEqualTo(SessionMessage.text(encoded, member));
      // Not base64 of anything, as a rule.
      SessionMessage.text(new String(bytes, StandardCharsets.ISO_8859_1), member);
    }
  }
}
