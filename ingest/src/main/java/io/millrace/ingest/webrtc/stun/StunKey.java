package io.millrace.ingest.webrtc.stun;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key of MESSAGE-INTEGRITY with short-term credentials: the password itself. Not thread-safe.
 */
public final class StunKey {
  static final int MAC_BYTES = 20;

  private final Mac mac;

  public StunKey(String password) {
    try {
      mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(password.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA1", e);
    }
  }

  /**
   * HMAC-SHA1 of a message up to its MESSAGE-INTEGRITY attribute, as if it ended with that.
   *
   * @param attributeAt where the attribute begins
   */
  byte[] mac(byte[] message, int attributeAt) {
    int lengthThen = attributeAt + 4 + MAC_BYTES - StunMessage.HEADER_BYTES;
    mac.update(message, 0, 2);
    mac.update((byte) (lengthThen >>> 8));
    mac.update((byte) lengthThen);
    mac.update(message, 4, attributeAt - 4);
    return mac.doFinal();
  }
}
