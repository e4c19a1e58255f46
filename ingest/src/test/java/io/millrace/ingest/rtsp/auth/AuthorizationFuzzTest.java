package io.millrace.ingest.rtsp.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Nobody gets in, and no camera's challenge breaks its client, by a header that is odd. */
class AuthorizationFuzzTest {
  private static final Credentials CAMERA = new Credentials("camera", "q9 long and unguessed");

  static Stream<byte[]> authorizations() {
    return Stream.of(
            "",
            "Basic",
            "Basic !!!",
            "Basic Y2FtZXJhOg==",
            "basic Y2FtZXJhOnNlY3JldA==",
            "Digest",
            "Digest username=\"camera\", realm=\"millrace\", nonce=\"\", uri=\"*\", response=\"\"",
            "Digest username=\"camera\\\"\", nonce=abc, qop=auth, nc=0000000g, cnonce=\"",
            "Digest algorithm=SHA-512-256, algorithm=MD5, =, ,,\"")
        .map(text -> text.getBytes(ISO_8859_1));
  }

  @MethodSource("authorizations")
  @FuzzTest(maxDuration = "60s")
  void nobodyGetsInWithoutThePassword(byte[] bytes) {
    String authorization = new String(bytes, ISO_8859_1);
    ServerAuthentication server =
        new ServerAuthentication(
            Optional.of(CAMERA),
            Duration.ofMinutes(1),
            InstantSource.system(),
            new SplittableRandom(1));
    ServerAuthentication.Verdict verdict = server.check(authorization, "ANNOUNCE");
    assertThat(verdict.allowed()).isFalse();
    assertThat(verdict.challenges()).isNotEmpty();
  }

  static Stream<byte[]> challenges() {
    return Stream.of(
            "Basic realm=\"camera\"",
            "Digest realm=\"IP Camera(23435)\", nonce=\"d00d\", stale=\"FALSE\"",
            "Digest realm=\"x\", nonce=\"1\", qop=\"auth,auth-int\", algorithm=SHA-256, opaque=\"\"",
            "Digest nonce=, realm, qop=\"",
            "Negotiate",
            ",")
        .map(text -> text.getBytes(ISO_8859_1));
  }

  /** An answer names the user and never the password itself, but for Basic. */
  @MethodSource("challenges")
  @FuzzTest(maxDuration = "60s")
  void challengesAreAnsweredOrPassedOver(byte[] bytes) {
    String challenge = new String(bytes, ISO_8859_1);
    ClientAuthentication client = new ClientAuthentication(CAMERA, new SplittableRandom(1));
    boolean understood = client.challenged(List.of(challenge));
    Optional<String> answer = client.authorization("DESCRIBE", "rtsp://h/a");
    assertThat(answer.isPresent()).isEqualTo(understood);
    answer.ifPresent(text -> assertThat(text).doesNotContain("unguessed").doesNotContain("\n"));
  }
}
