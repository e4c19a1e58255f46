package io.millrace.ingest.webrtc.srtp;

import java.security.GeneralSecurityException;

/** Protects the packets of one direction with its session keys. Not thread-safe. */
interface SrtpCipher {
  /**
   * Encrypts an RTP packet where it lies and adds the tag.
   *
   * @param bytes has room for the tag behind the packet
   * @param length of the packet
   * @param payloadAt where the payload begins
   * @param index 48-bit packet index
   * @return the length with the tag
   */
  int protectRtp(byte[] bytes, int length, int payloadAt, int ssrc, long index)
      throws GeneralSecurityException;

  /**
   * Checks an SRTP packet and decrypts it where it lies.
   *
   * @return the length without the tag, -1 when the tag is wrong; the bytes are of no use then
   */
  int unprotectRtp(byte[] bytes, int length, int payloadAt, int ssrc, long index)
      throws GeneralSecurityException;

  /** Encrypts an RTCP packet where it lies, adds index and tag, and returns the new length. */
  int protectRtcp(byte[] bytes, int length, int ssrc, int index) throws GeneralSecurityException;

  /** Checks an SRTCP packet and decrypts it where it lies; -1 when the tag is wrong. */
  int unprotectRtcp(byte[] bytes, int length, int ssrc) throws GeneralSecurityException;

  /** The 31-bit index of an SRTCP packet, not yet proved. */
  int rtcpIndex(byte[] bytes, int length);

  /** A cipher for the keys of one direction. */
  static SrtpCipher of(SrtpKeys keys) {
    try {
      return keys.profile().aead() ? new AesGcmCipher(keys) : new AesCmCipher(keys);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has the ciphers of SRTP", e);
    }
  }
}
