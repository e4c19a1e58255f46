package io.millrace.ingest.rtsp.auth;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Answers the challenges of one server. Not thread-safe. */
public final class ClientAuthentication {
  private final Credentials credentials;
  private final RandomGenerator random;
  private @Nullable AuthParameters challenge;
  private int count;

  public ClientAuthentication(Credentials credentials, RandomGenerator random) {
    this.credentials = credentials;
    this.random = random;
  }

  /**
   * Takes the {@code WWW-Authenticate} lines of a 401 and chooses the best that both sides know.
   *
   * @return whether the request is worth another try: false when no scheme is known, or when the
   *     server refused an answer to the same challenge, so the credentials are wrong
   */
  public boolean challenged(List<String> lines) {
    AuthParameters former = challenge;
    AuthParameters best = null;
    int bestRank = Integer.MAX_VALUE;
    for (String line : lines) {
      AuthParameters offered = AuthParameters.parse(line);
      int rank = rank(offered);
      if (rank < bestRank) {
        best = offered;
        bestRank = rank;
      }
    }
    challenge = best;
    count = 0;
    if (best == null) {
      return false;
    }
    return former == null || best.get("stale").equalsIgnoreCase("true");
  }

  private static int rank(AuthParameters offered) {
    return switch (offered.scheme()) {
      case "digest" ->
          DigestAlgorithm.of(offered.get("algorithm"))
              .map(DigestAlgorithm::ordinal)
              .orElse(Integer.MAX_VALUE);
      case "basic" -> DigestAlgorithm.values().length;
      default -> Integer.MAX_VALUE;
    };
  }

  /** The {@code Authorization} of a request; empty before the first challenge. */
  public Optional<String> authorization(String method, String uri) {
    AuthParameters to = challenge;
    if (to == null) {
      return Optional.empty();
    }
    if (to.scheme().equals("basic")) {
      byte[] pair =
          (credentials.user() + ":" + credentials.password()).getBytes(StandardCharsets.UTF_8);
      return Optional.of("Basic " + Base64.getEncoder().encodeToString(pair));
    }
    DigestAlgorithm algorithm = DigestAlgorithm.of(to.get("algorithm")).orElseThrow();
    boolean auth = List.of(to.get("qop").split("[ ,]+")).contains("auth");
    DigestAnswer answer =
        new DigestAnswer(
            algorithm,
            credentials,
            to.get("realm"),
            to.get("nonce"),
            auth ? "auth" : "",
            "%08x".formatted(++count),
            "%016x".formatted(random.nextLong()));
    StringBuilder text = new StringBuilder("Digest username=");
    text.append(AuthParameters.quoted(credentials.user()));
    text.append(", realm=").append(AuthParameters.quoted(answer.realm()));
    text.append(", nonce=").append(AuthParameters.quoted(answer.nonce()));
    text.append(", uri=").append(AuthParameters.quoted(uri));
    text.append(", response=\"").append(answer.response(method, uri)).append('"');
    if (!to.get("algorithm").isEmpty()) {
      text.append(", algorithm=").append(algorithm.word());
    }
    if (auth) {
      text.append(", qop=auth, nc=").append(answer.count());
      text.append(", cnonce=\"").append(answer.clientNonce()).append('"');
    }
    if (!to.get("opaque").isEmpty()) {
      text.append(", opaque=").append(AuthParameters.quoted(to.get("opaque")));
    }
    return Optional.of(text.toString());
  }
}
