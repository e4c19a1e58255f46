package io.millrace.ingest.source;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts short secrets with AES-256-GCM: 12 bytes of nonce, then ciphertext and tag. The context
 * is authenticated, so that a secret cannot be moved to another place. Thread-safe.
 */
public final class SecretBox {
  /** Bytes of a key. */
  public static final int KEY_BYTES = 32;

  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final SecretKeySpec key;
  private final SecureRandom random;

  /**
   * @param key {@link #KEY_BYTES} bytes; copied
   */
  public SecretBox(byte[] key, SecureRandom random) {
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException(
          "a key has %d bytes, not %d".formatted(KEY_BYTES, key.length));
    }
    this.key = new SecretKeySpec(key, "AES");
    this.random = random;
  }

  /** Encrypts text that belongs to a context, such as the name of its source. */
  byte[] seal(String secret, String context) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      byte[] sealed =
          cipher(Cipher.ENCRYPT_MODE, nonce, context)
              .doFinal(secret.getBytes(StandardCharsets.UTF_8));
      byte[] all = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
      System.arraycopy(sealed, 0, all, NONCE_BYTES, sealed.length);
      return all;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM is missing", e);
    }
  }

  /**
   * @throws WrongKey if the bytes were changed, or sealed with another key or for another context
   */
  String open(byte[] sealed, String context) throws WrongKey {
    if (sealed.length < NONCE_BYTES) {
      throw new WrongKey();
    }
    try {
      byte[] plain =
          cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(sealed, NONCE_BYTES), context)
              .doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
      return new String(plain, StandardCharsets.UTF_8);
    } catch (AEADBadTagException e) {
      throw new WrongKey();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM is missing", e);
    }
  }

  private Cipher cipher(int mode, byte[] nonce, String context) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }

  /** A secret that cannot be opened. */
  static final class WrongKey extends Exception {
    private static final long serialVersionUID = 1;

    WrongKey() {
      super("sealed with another key, or changed since");
    }
  }
}
