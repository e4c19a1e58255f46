package io.millrace.ingest.rtsp.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Checks who asks, and challenges. Thread-safe. */
public final class ServerAuthentication {
  private static final String REALM = "millrace";

  private final Optional<Credentials> credentials;
  private final Nonces nonces;

  /**
   * @param credentials empty where everyone may do everything
   * @param nonceLifetime how long an answer to a challenge is good
   */
  public ServerAuthentication(
      Optional<Credentials> credentials,
      Duration nonceLifetime,
      InstantSource clock,
      RandomGenerator random) {
    this.credentials = credentials;
    nonces = new Nonces(nonceLifetime, clock, random);
  }

  /**
   * What a check found.
   *
   * @param allowed whether the request may go on
   * @param challenges lines of {@code WWW-Authenticate} where it may not
   */
  public record Verdict(boolean allowed, List<String> challenges) {
    private static final Verdict ALLOWED = new Verdict(true, List.of());
  }

  /**
   * Checks a request.
   *
   * @param authorization its {@code Authorization}, empty without one
   * @param method its method
   */
  public Verdict check(String authorization, String method) {
    if (credentials.isEmpty()) {
      return Verdict.ALLOWED;
    }
    AuthParameters given = AuthParameters.parse(authorization);
    return switch (given.scheme()) {
      case "basic" -> basic(given.token(), credentials.get());
      case "digest" -> digest(given, method, credentials.get());
      default -> refused(false);
    };
  }

  private Verdict basic(String token, Credentials expected) {
    byte[] pair = (expected.user() + ":" + expected.password()).getBytes(UTF_8);
    try {
      boolean same = MessageDigest.isEqual(Base64.getDecoder().decode(token), pair);
      return same ? Verdict.ALLOWED : refused(false);
    } catch (IllegalArgumentException e) {
      return refused(false);
    }
  }

  /** The URI hashed is the one given: clients differ in whether it has the control part. */
  private Verdict digest(AuthParameters given, String method, Credentials expected) {
    Optional<DigestAlgorithm> algorithm = DigestAlgorithm.of(given.get("algorithm"));
    String qop = given.get("qop");
    if (algorithm.isEmpty()
        || !(qop.isEmpty() || qop.equals("auth"))
        || !given.get("realm").equals(REALM)
        || !MessageDigest.isEqual(
            given.get("username").getBytes(UTF_8), expected.user().getBytes(UTF_8))) {
      return refused(false);
    }
    String response =
        new DigestAnswer(
                algorithm.get(),
                expected,
                REALM,
                given.get("nonce"),
                qop,
                given.get("nc"),
                given.get("cnonce"))
            .response(method, given.get("uri"));
    if (!MessageDigest.isEqual(response.getBytes(UTF_8), given.get("response").getBytes(UTF_8))) {
      return refused(false);
    }
    return switch (nonces.check(given.get("nonce"))) {
      case FRESH -> Verdict.ALLOWED;
      case STALE -> refused(true);
      case FOREIGN -> refused(false);
    };
  }

  /**
   * MD5 is the last Digest: ffmpeg and live555 take the last one they see and know no other hash.
   */
  private Verdict refused(boolean stale) {
    String nonce = nonces.next();
    List<String> challenges = new ArrayList<>();
    for (DigestAlgorithm each : List.of(DigestAlgorithm.SHA_256, DigestAlgorithm.MD5)) {
      challenges.add(
          "Digest realm=\"%s\", nonce=\"%s\", algorithm=%s, qop=\"auth\"%s"
              .formatted(REALM, nonce, each.word(), stale ? ", stale=TRUE" : ""));
    }
    challenges.add("Basic realm=\"%s\"".formatted(REALM));
    return new Verdict(false, challenges);
  }
}
