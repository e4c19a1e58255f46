package io.millrace.ingest.webrtc.dtls;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * Hash of a certificate as SDP carries it (RFC 8122 section 5).
 *
 * @param algorithm {@code sha-256}, {@code sha-384} or {@code sha-512}
 * @param value upper-case hexadecimal with colons
 */
public record Fingerprint(String algorithm, String value) {
  private static final HexFormat HEX = HexFormat.ofDelimiter(":").withUpperCase();

  /** SHA-256 of a certificate. */
  public static Fingerprint sha256(byte[] certificate) {
    return new Fingerprint("sha-256", HEX.formatHex(digest("SHA-256").digest(certificate)));
  }

  /**
   * Reads the value of an {@code a=fingerprint} line.
   *
   * @return empty for hashes that are too weak or unknown, and for what is malformed
   */
  public static Optional<Fingerprint> parse(String text) {
    String[] words = text.trim().split(" +");
    if (words.length != 2) {
      return Optional.empty();
    }
    String algorithm = words[0].toLowerCase(Locale.ROOT);
    int bytes =
        switch (algorithm) {
          case "sha-256" -> 32;
          case "sha-384" -> 48;
          case "sha-512" -> 64;
          default -> 0;
        };
    String value = words[1].toUpperCase(Locale.ROOT);
    boolean whole = bytes > 0 && value.matches("[0-9A-F]{2}(:[0-9A-F]{2}){" + (bytes - 1) + "}");
    return whole ? Optional.of(new Fingerprint(algorithm, value)) : Optional.empty();
  }

  /** Whether it is that of a certificate in DER. */
  public boolean matches(byte[] certificate) {
    byte[] hash = digest(algorithm.toUpperCase(Locale.ROOT)).digest(certificate);
    return MessageDigest.isEqual(hash, HEX.parseHex(value));
  }

  /** As the value of an {@code a=fingerprint} line. */
  public String toSdp() {
    return algorithm + " " + value;
  }

  private static MessageDigest digest(String name) {
    try {
      return MessageDigest.getInstance(name);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + name, e);
    }
  }
}
