package io.millrace.ingest.rtsp.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class AuthenticationTest {
  private static final Credentials CAMERA = new Credentials("ca\"mera", "pass:wörd");
  private static final Duration LIFETIME = Duration.ofMinutes(5);
  private static final String URI = "rtsp://h/live/a";

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private final ServerAuthentication server = server(now::get);

  private static ServerAuthentication server(InstantSource clock) {
    return new ServerAuthentication(Optional.of(CAMERA), LIFETIME, clock, new Random(1));
  }

  private static ClientAuthentication client(Credentials credentials) {
    return new ClientAuthentication(credentials, new Random(2));
  }

  private List<String> challenges() {
    return server.check("", "OPTIONS").challenges();
  }

  @Test
  void everySchemeLetsTheRightOneIn() {
    assertEquals(3, challenges().size());
    for (String challenge : challenges()) {
      ClientAuthentication client = client(CAMERA);
      assertTrue(client.authorization("ANNOUNCE", URI).isEmpty());
      assertTrue(client.challenged(List.of(challenge)));
      for (String method : List.of("ANNOUNCE", "SETUP", "RECORD")) {
        String authorization = client.authorization(method, URI).orElseThrow();
        assertTrue(server.check(authorization, method).allowed(), authorization);
      }
    }
  }

  @Test
  void theLastDigestIsTheOneThatEveryClientKnows() {
    List<String> digests =
        challenges().stream().filter(each -> each.startsWith("Digest ")).toList();
    assertEquals(2, digests.size());
    assertTrue(digests.getLast().contains("algorithm=MD5"));
  }

  @Test
  void theBestSchemeIsChosen() {
    ClientAuthentication client = client(CAMERA);
    assertTrue(client.challenged(challenges()));
    assertTrue(client.authorization("PLAY", URI).orElseThrow().contains("algorithm=SHA-256"));
    assertFalse(client(CAMERA).challenged(List.of("Bearer x", "Digest algorithm=SHA-512-256")));
  }

  @Test
  void othersStayOutside() {
    for (Credentials wrong :
        List.of(
            new Credentials(CAMERA.user(), "guess"), new Credentials("admin", CAMERA.password()))) {
      for (String challenge : challenges()) {
        ClientAuthentication client = client(wrong);
        assertTrue(client.challenged(List.of(challenge)));
        var verdict = server.check(client.authorization("PLAY", URI).orElseThrow(), "PLAY");
        assertFalse(verdict.allowed());
        assertFalse(client.challenged(verdict.challenges()), "another try is no use");
      }
    }
    assertFalse(server.check("Basic ???", "PLAY").allowed());
    assertFalse(server.check("Digest", "PLAY").allowed());
  }

  @Test
  void anAnswerIsGoodForItsMethodAndTimeAlone() {
    ClientAuthentication client = client(CAMERA);
    assertTrue(client.challenged(challenges()));
    String authorization = client.authorization("PLAY", URI).orElseThrow();
    assertFalse(server.check(authorization, "TEARDOWN").allowed());
    now.set(now.get().plus(LIFETIME));
    assertTrue(server.check(authorization, "PLAY").allowed());
    now.set(now.get().plusMillis(1));
    var stale = server.check(authorization, "PLAY");
    assertFalse(stale.allowed());
    assertTrue(stale.challenges().getFirst().contains("stale=TRUE"));
    assertTrue(client.challenged(stale.challenges()), "a stale nonce is worth another try");
    assertTrue(server.check(client.authorization("PLAY", URI).orElseThrow(), "PLAY").allowed());
    ServerAuthentication other =
        new ServerAuthentication(Optional.of(CAMERA), LIFETIME, now::get, new Random(3));
    assertFalse(other.check(client.authorization("PLAY", URI).orElseThrow(), "PLAY").allowed());
  }

  @Test
  void hashesAsTheSpecificationDoes() {
    // RFC 7616 section 3.9.1
    for (DigestAlgorithm algorithm : DigestAlgorithm.values()) {
      DigestAnswer answer =
          new DigestAnswer(
              algorithm,
              new Credentials("Mufasa", "Circle of Life"),
              "http-auth@example.org",
              "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
              "auth",
              "00000001",
              "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ");
      assertEquals(
          algorithm == DigestAlgorithm.MD5
              ? "8ca523f5e9506fed4657c9700eebdbec"
              : "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
          answer.response("GET", "/dir/index.html"));
    }
  }

  @Test
  void withoutCredentialsEveryoneMay() {
    ServerAuthentication open =
        new ServerAuthentication(Optional.empty(), LIFETIME, now::get, new Random(1));
    assertTrue(open.check("", "PLAY").allowed());
  }

  @FuzzTest
  void noHeaderLetsAnyoneInOrBreaks(FuzzedDataProvider data) {
    String header = data.consumeRemainingAsString();
    for (String scheme : List.of("", "Basic ", "Digest ")) {
      assertFalse(server.check(scheme + header, "PLAY").allowed());
      ClientAuthentication client = client(CAMERA);
      if (client.challenged(List.of(scheme + header))) {
        assertFalse(client.authorization("PLAY", URI).orElseThrow().isEmpty());
      }
    }
  }
}
