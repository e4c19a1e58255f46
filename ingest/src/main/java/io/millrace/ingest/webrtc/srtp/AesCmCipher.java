package io.millrace.ingest.webrtc.srtp;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AES in counter mode with HMAC-SHA1 cut to 80 bits (RFC 3711 sections 4.1.1 and 4.2). */
final class AesCmCipher implements SrtpCipher {
  private static final int TAG_BYTES = 10;
  private static final int MAC_KEY_BYTES = 20;
  private static final int RTCP_HEADER_BYTES = 8;
  private static final int ENCRYPTED = 0x80000000;

  private final Half rtp;
  private final Half rtcp;
  private final byte[] iv = new byte[16];

  /** Session keys of RTP or of RTCP. */
  private static final class Half {
    final Cipher cipher;
    final SecretKeySpec key;
    final byte[] salt;
    final Mac mac;

    private Half(Cipher cipher, SecretKeySpec key, byte[] salt, Mac mac) {
      this.cipher = cipher;
      this.key = key;
      this.salt = salt;
      this.mac = mac;
    }

    static Half of(SrtpKeys keys, int encryption, int authentication, int salt)
        throws GeneralSecurityException {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(
          new SecretKeySpec(KeyDerivation.derive(keys, authentication, MAC_KEY_BYTES), "HmacSHA1"));
      return new Half(
          Cipher.getInstance("AES/CTR/NoPadding"),
          new SecretKeySpec(
              KeyDerivation.derive(keys, encryption, keys.profile().keyBytes()), "AES"),
          KeyDerivation.derive(keys, salt, keys.profile().saltBytes()),
          mac);
    }
  }

  AesCmCipher(SrtpKeys keys) throws GeneralSecurityException {
    rtp =
        Half.of(
            keys,
            KeyDerivation.RTP_ENCRYPTION,
            KeyDerivation.RTP_AUTHENTICATION,
            KeyDerivation.RTP_SALT);
    rtcp =
        Half.of(
            keys,
            KeyDerivation.RTCP_ENCRYPTION,
            KeyDerivation.RTCP_AUTHENTICATION,
            KeyDerivation.RTCP_SALT);
  }

  @Override
  public int protectRtp(byte[] bytes, int length, int payloadAt, int ssrc, long index)
      throws GeneralSecurityException {
    crypt(rtp, bytes, payloadAt, length, ssrc, index);
    byte[] tag = tag(bytes, length, (int) (index >>> 16));
    System.arraycopy(tag, 0, bytes, length, TAG_BYTES);
    return length + TAG_BYTES;
  }

  @Override
  public int unprotectRtp(byte[] bytes, int length, int payloadAt, int ssrc, long index)
      throws GeneralSecurityException {
    int plain = length - TAG_BYTES;
    if (plain < payloadAt || !tagMatches(tag(bytes, plain, (int) (index >>> 16)), bytes, plain)) {
      return -1;
    }
    crypt(rtp, bytes, payloadAt, plain, ssrc, index);
    return plain;
  }

  private byte[] tag(byte[] bytes, int length, int rollover) {
    rtp.mac.update(bytes, 0, length);
    for (int shift = 24; shift >= 0; shift -= 8) {
      rtp.mac.update((byte) (rollover >>> shift));
    }
    return rtp.mac.doFinal();
  }

  @Override
  public int protectRtcp(byte[] bytes, int length, int ssrc, int index)
      throws GeneralSecurityException {
    crypt(rtcp, bytes, RTCP_HEADER_BYTES, length, ssrc, index);
    Words.put(bytes, length, index | ENCRYPTED);
    rtcp.mac.update(bytes, 0, length + 4);
    System.arraycopy(rtcp.mac.doFinal(), 0, bytes, length + 4, TAG_BYTES);
    return length + 4 + TAG_BYTES;
  }

  @Override
  public int unprotectRtcp(byte[] bytes, int length, int ssrc) throws GeneralSecurityException {
    int signed = length - TAG_BYTES;
    int plain = signed - 4;
    if (plain < RTCP_HEADER_BYTES) {
      return -1;
    }
    rtcp.mac.update(bytes, 0, signed);
    if (!tagMatches(rtcp.mac.doFinal(), bytes, signed)) {
      return -1;
    }
    int word = Words.get(bytes, plain);
    if ((word & ENCRYPTED) != 0) {
      crypt(rtcp, bytes, RTCP_HEADER_BYTES, plain, ssrc, word & ~ENCRYPTED);
    }
    return plain;
  }

  @Override
  public int rtcpIndex(byte[] bytes, int length) {
    int at = length - TAG_BYTES - 4;
    return at < RTCP_HEADER_BYTES ? -1 : Words.get(bytes, at) & ~ENCRYPTED;
  }

  /** IV = salt * 2^16 XOR ssrc * 2^64 XOR index * 2^16. */
  private void crypt(Half half, byte[] bytes, int from, int to, int ssrc, long index)
      throws GeneralSecurityException {
    if (from == to) {
      return;
    }
    System.arraycopy(half.salt, 0, iv, 0, half.salt.length);
    iv[14] = 0;
    iv[15] = 0;
    for (int i = 0; i < 4; i++) {
      iv[4 + i] ^= (byte) (ssrc >>> (24 - 8 * i));
    }
    for (int i = 0; i < 6; i++) {
      iv[8 + i] ^= (byte) (index >>> (40 - 8 * i));
    }
    half.cipher.init(Cipher.ENCRYPT_MODE, half.key, new IvParameterSpec(iv));
    int done = half.cipher.doFinal(bytes, from, to - from, bytes, from);
    assert done == to - from;
  }

  /** In constant time: compares all bytes before it answers. */
  private static boolean tagMatches(byte[] expected, byte[] bytes, int at) {
    int difference = 0;
    for (int i = 0; i < TAG_BYTES; i++) {
      difference |= expected[i] ^ bytes[at + i];
    }
    return difference == 0;
  }
}
