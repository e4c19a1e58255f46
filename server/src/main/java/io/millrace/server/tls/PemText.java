package io.millrace.server.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Base64;

/** Bytes in the textual encoding of RFC 7468. */
final class PemText {
  private static final int LINE_LENGTH = 64;

  private PemText() {}

  static String of(String label, byte[] der) {
    String body = Base64.getMimeEncoder(LINE_LENGTH, "\n".getBytes(US_ASCII)).encodeToString(der);
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(label, body);
  }
}
