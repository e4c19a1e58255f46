package io.millrace.store.segment;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.CRC32C;

/**
 * Name of the directory of a stream: {@code streams/<name>-<creation time in ms>}. Bytes other than
 * letters, digits, {@code .}, {@code _} and {@code -} are written as {@code %xx}, as is a leading
 * dot; a name too long for a file system is cut and ends in a checksum.
 */
final class LaneDirectory {
  static final String PARENT = "streams";
  private static final int MAX_NAME = 200;

  private LaneDirectory() {}

  static String of(String stream, long createdMillis) {
    return PARENT + "/" + escaped(stream) + "-" + createdMillis;
  }

  private static String escaped(String stream) {
    StringBuilder name = new StringBuilder();
    byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
    for (byte each : bytes) {
      char c = (char) (each & 0xff);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '_'
              || c == '-'
              || (c == '.' && !name.isEmpty());
      name.append(plain ? String.valueOf(c) : "%%%02x".formatted((int) c));
    }
    if (name.length() <= MAX_NAME) {
      return name.toString();
    }
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return name.substring(0, MAX_NAME)
        + "%"
        + Long.toHexString(crc.getValue()).toLowerCase(Locale.ROOT);
  }
}
