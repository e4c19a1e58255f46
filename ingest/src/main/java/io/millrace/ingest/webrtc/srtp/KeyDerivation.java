package io.millrace.ingest.webrtc.srtp;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Session keys from master keys: AES in counter mode, key derivation rate 0 (RFC 3711 4.3). */
final class KeyDerivation {
  static final int RTP_ENCRYPTION = 0;
  static final int RTP_AUTHENTICATION = 1;
  static final int RTP_SALT = 2;
  static final int RTCP_ENCRYPTION = 3;
  static final int RTCP_AUTHENTICATION = 4;
  static final int RTCP_SALT = 5;

  private KeyDerivation() {}

  /**
   * A session key.
   *
   * @param label which of them
   * @param length in bytes
   */
  static byte[] derive(SrtpKeys keys, int label, int length) {
    byte[] iv = Arrays.copyOf(keys.salt(), 16);
    // A salt of 96 bits counts as one of 112 with zeros behind it (RFC 7714 section 11).
    iv[7] ^= (byte) label;
    try {
      Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
      cipher.init(
          Cipher.ENCRYPT_MODE, new SecretKeySpec(keys.key(), "AES"), new IvParameterSpec(iv));
      return cipher.doFinal(new byte[length]);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES in counter mode", e);
    }
  }
}
