package io.millrace.ingest.webrtc.srtp;

import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AES-GCM with tags of 128 bits (RFC 7714). */
final class AesGcmCipher implements SrtpCipher {
  private static final int TAG_BYTES = 16;
  private static final int IV_BYTES = 12;
  private static final int RTCP_HEADER_BYTES = 8;
  private static final int ENCRYPTED = 0x80000000;

  private final Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
  private final Half rtp;
  private final Half rtcp;
  private final byte[] indexWord = new byte[4];

  /** Session keys of RTP or of RTCP. */
  private static final class Half {
    final SecretKeySpec key;
    final byte[] salt;

    Half(SecretKeySpec key, byte[] salt) {
      this.key = key;
      this.salt = salt;
    }

    static Half of(SrtpKeys keys, int encryption, int salt) {
      return new Half(
          new SecretKeySpec(
              KeyDerivation.derive(keys, encryption, keys.profile().keyBytes()), "AES"),
          KeyDerivation.derive(keys, salt, keys.profile().saltBytes()));
    }
  }

  AesGcmCipher(SrtpKeys keys) throws GeneralSecurityException {
    rtp = Half.of(keys, KeyDerivation.RTP_ENCRYPTION, KeyDerivation.RTP_SALT);
    rtcp = Half.of(keys, KeyDerivation.RTCP_ENCRYPTION, KeyDerivation.RTCP_SALT);
  }

  /** With one session key and salt for both, as the RFC's examples have them. */
  AesGcmCipher(byte[] sessionKey, byte[] sessionSalt) throws GeneralSecurityException {
    rtp = new Half(new SecretKeySpec(sessionKey, "AES"), sessionSalt.clone());
    rtcp = rtp;
  }

  @Override
  public int protectRtp(byte[] bytes, int length, int payloadAt, int ssrc, long index)
      throws GeneralSecurityException {
    start(Cipher.ENCRYPT_MODE, rtp, ssrc, index);
    cipher.updateAAD(bytes, 0, payloadAt);
    return payloadAt + cipher.doFinal(bytes, payloadAt, length - payloadAt, bytes, payloadAt);
  }

  @Override
  public int unprotectRtp(byte[] bytes, int length, int payloadAt, int ssrc, long index)
      throws GeneralSecurityException {
    if (length - TAG_BYTES < payloadAt) {
      return -1;
    }
    start(Cipher.DECRYPT_MODE, rtp, ssrc, index);
    cipher.updateAAD(bytes, 0, payloadAt);
    try {
      return payloadAt + cipher.doFinal(bytes, payloadAt, length - payloadAt, bytes, payloadAt);
    } catch (AEADBadTagException e) {
      return -1;
    }
  }

  @Override
  public int protectRtcp(byte[] bytes, int length, int ssrc, int index)
      throws GeneralSecurityException {
    start(Cipher.ENCRYPT_MODE, rtcp, ssrc, index);
    Words.put(indexWord, 0, index | ENCRYPTED);
    cipher.updateAAD(bytes, 0, RTCP_HEADER_BYTES);
    cipher.updateAAD(indexWord);
    int end =
        RTCP_HEADER_BYTES
            + cipher.doFinal(
                bytes, RTCP_HEADER_BYTES, length - RTCP_HEADER_BYTES, bytes, RTCP_HEADER_BYTES);
    Words.put(bytes, end, index | ENCRYPTED);
    return end + 4;
  }

  @Override
  public int unprotectRtcp(byte[] bytes, int length, int ssrc) throws GeneralSecurityException {
    int end = length - 4;
    if (end - TAG_BYTES < RTCP_HEADER_BYTES) {
      return -1;
    }
    int word = Words.get(bytes, end);
    start(Cipher.DECRYPT_MODE, rtcp, ssrc, word & ~ENCRYPTED);
    Words.put(indexWord, 0, word);
    try {
      if ((word & ENCRYPTED) == 0) {
        cipher.updateAAD(bytes, 0, end - TAG_BYTES);
        cipher.updateAAD(indexWord);
        cipher.doFinal(bytes, end - TAG_BYTES, TAG_BYTES);
        return end - TAG_BYTES;
      }
      cipher.updateAAD(bytes, 0, RTCP_HEADER_BYTES);
      cipher.updateAAD(indexWord);
      return RTCP_HEADER_BYTES
          + cipher.doFinal(
              bytes, RTCP_HEADER_BYTES, end - RTCP_HEADER_BYTES, bytes, RTCP_HEADER_BYTES);
    } catch (AEADBadTagException e) {
      return -1;
    }
  }

  @Override
  public int rtcpIndex(byte[] bytes, int length) {
    return length < RTCP_HEADER_BYTES + TAG_BYTES + 4
        ? -1
        : Words.get(bytes, length - 4) & ~ENCRYPTED;
  }

  /** IV = 00 00, SSRC, 48 bits of index, XOR salt (RFC 7714 sections 8.1 and 9.1). */
  private void start(int mode, Half half, int ssrc, long index) throws GeneralSecurityException {
    byte[] iv = half.salt.clone();
    for (int i = 0; i < 4; i++) {
      iv[2 + i] ^= (byte) (ssrc >>> (24 - 8 * i));
    }
    for (int i = 0; i < 6; i++) {
      iv[6 + i] ^= (byte) (index >>> (40 - 8 * i));
    }
    cipher.init(mode, half.key, new GCMParameterSpec(8 * TAG_BYTES, iv, 0, IV_BYTES));
  }
}
