package io.millrace.ingest.rtsp.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Nonces that need no memory: the time they were made, signed with a key of this run. Thread-safe.
 */
final class Nonces {
  /** Whether a nonce is good. */
  enum State {
    FRESH,
    /** Made by us, too long ago. */
    STALE,
    /** Never made by us. */
    FOREIGN
  }

  private static final String MAC = "HmacSHA256";
  private static final int KEY_BYTES = 32;
  private static final int TIME_BYTES = 8;
  private static final int SIGNATURE_BYTES = 16;

  private final SecretKeySpec key;
  private final InstantSource clock;
  private final long lifetimeMillis;

  Nonces(Duration lifetime, InstantSource clock, RandomGenerator random) {
    byte[] secret = new byte[KEY_BYTES];
    random.nextBytes(secret);
    key = new SecretKeySpec(secret, MAC);
    this.clock = clock;
    lifetimeMillis = lifetime.toMillis();
  }

  String next() {
    return signed(clock.millis());
  }

  State check(String nonce) {
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(nonce);
    } catch (IllegalArgumentException e) {
      return State.FOREIGN;
    }
    if (bytes.length != TIME_BYTES + SIGNATURE_BYTES) {
      return State.FOREIGN;
    }
    long made = ByteBuffer.wrap(bytes).getLong();
    if (!MessageDigest.isEqual(signed(made).getBytes(US_ASCII), nonce.getBytes(US_ASCII))) {
      return State.FOREIGN;
    }
    return clock.millis() - made <= lifetimeMillis ? State.FRESH : State.STALE;
  }

  private String signed(long millis) {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(key);
      byte[] time = ByteBuffer.allocate(TIME_BYTES).putLong(millis).array();
      byte[] nonce =
          ByteBuffer.allocate(TIME_BYTES + SIGNATURE_BYTES)
              .put(time)
              .put(mac.doFinal(time), 0, SIGNATURE_BYTES)
              .array();
      return Base64.getUrlEncoder().withoutPadding().encodeToString(nonce);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK has no " + MAC, e);
    }
  }
}
