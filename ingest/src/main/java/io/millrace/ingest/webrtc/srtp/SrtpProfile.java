package io.millrace.ingest.webrtc.srtp;

import java.util.Optional;

/**
 * Protection profiles of DTLS-SRTP (RFC 5764 section 4.1.2, RFC 7714 section 14.2), best first.
 * Lengths in bytes.
 */
public enum SrtpProfile {
  AEAD_AES_128_GCM(0x0007, 16, 12, 16, true),
  AEAD_AES_256_GCM(0x0008, 32, 12, 16, true),
  AES128_CM_HMAC_SHA1_80(0x0001, 16, 14, 10, false);

  private final int id;
  private final int keyBytes;
  private final int saltBytes;
  private final int tagBytes;
  private final boolean aead;

  SrtpProfile(int id, int keyBytes, int saltBytes, int tagBytes, boolean aead) {
    this.id = id;
    this.keyBytes = keyBytes;
    this.saltBytes = saltBytes;
    this.tagBytes = tagBytes;
    this.aead = aead;
  }

  /** Number in the use_srtp extension. */
  public int id() {
    return id;
  }

  public int keyBytes() {
    return keyBytes;
  }

  public int saltBytes() {
    return saltBytes;
  }

  /** Bytes of the authentication tag, of SRTP and SRTCP. */
  public int tagBytes() {
    return tagBytes;
  }

  boolean aead() {
    return aead;
  }

  /** Bytes of keying material that both directions need together. */
  public int materialBytes() {
    return 2 * (keyBytes + saltBytes);
  }

  public static Optional<SrtpProfile> of(int id) {
    for (SrtpProfile profile : values()) {
      if (profile.id == id) {
        return Optional.of(profile);
      }
    }
    return Optional.empty();
  }
}
