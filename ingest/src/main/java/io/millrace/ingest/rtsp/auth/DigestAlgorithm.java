package io.millrace.ingest.rtsp.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** Hashes of Digest, the better one first. */
public enum DigestAlgorithm {
  SHA_256("SHA-256"),
  MD5("MD5");

  private final String word;

  DigestAlgorithm(String word) {
    this.word = word;
  }

  /** As headers spell it, and the JDK. */
  public String word() {
    return word;
  }

  /** The algorithm that a header names; MD5 where it names none. */
  static Optional<DigestAlgorithm> of(String word) {
    return word.isEmpty()
        ? Optional.of(MD5)
        : Arrays.stream(values()).filter(each -> each.word.equalsIgnoreCase(word)).findFirst();
  }

  String hash(String text) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance(word).digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the JDK has no " + word, e);
    }
  }
}
