package io.millrace.ingest.webrtc.ice;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A user name and password that a TURN server can check without asking us: the name says until when
 * it is good, the password is the HMAC-SHA1 of the name (draft-uberti-behave-turn-rest, which
 * coturn calls {@code use-auth-secret}).
 */
public record TurnCredentials(String username, String password, Duration lifetime) {
  /**
   * Credentials good from now on.
   *
   * @param client name of who will use them, for the TURN server's log; no colon
   */
  public static TurnCredentials make(TurnSettings settings, String client, Instant now) {
    if (client.indexOf(':') >= 0) {
      throw new IllegalArgumentException("a colon in the name of a TURN client");
    }
    String username = now.plus(settings.lifetime()).getEpochSecond() + ":" + client;
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(settings.secret().getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
      byte[] hash = mac.doFinal(username.getBytes(StandardCharsets.UTF_8));
      return new TurnCredentials(
          username, Base64.getEncoder().encodeToString(hash), settings.lifetime());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA1", e);
    }
  }
}
