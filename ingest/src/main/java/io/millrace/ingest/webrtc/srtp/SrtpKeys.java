package io.millrace.ingest.webrtc.srtp;

import java.util.Arrays;

/** Master key and salt of one direction. */
public final class SrtpKeys {
  private final SrtpProfile profile;
  private final byte[] key;
  private final byte[] salt;

  /** Copies both. */
  public SrtpKeys(SrtpProfile profile, byte[] key, byte[] salt) {
    if (key.length != profile.keyBytes() || salt.length != profile.saltBytes()) {
      throw new IllegalArgumentException("keys that are not of " + profile);
    }
    this.profile = profile;
    this.key = key.clone();
    this.salt = salt.clone();
  }

  /**
   * Keys out of what DTLS exports (RFC 5764 section 4.2).
   *
   * @param material {@link SrtpProfile#materialBytes} bytes: both keys, then both salts
   * @param client whether for what the DTLS client sends
   */
  public static SrtpKeys of(SrtpProfile profile, byte[] material, boolean client) {
    int key = profile.keyBytes();
    int salt = profile.saltBytes();
    int keyAt = client ? 0 : key;
    int saltAt = 2 * key + (client ? 0 : salt);
    return new SrtpKeys(
        profile,
        Arrays.copyOfRange(material, keyAt, keyAt + key),
        Arrays.copyOfRange(material, saltAt, saltAt + salt));
  }

  SrtpProfile profile() {
    return profile;
  }

  byte[] key() {
    return key;
  }

  byte[] salt() {
    return salt;
  }
}
