package io.millrace.api.page;

import io.millrace.api.error.AwsError;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * An opaque {@code NextToken}: carries what the next page needs, names the call it belongs to, and
 * ends in a checksum, so that a token that was cut, altered or given to another call is refused. It
 * grants nothing: every call is authorised anew. Text form: base64 of {@code [version byte, call,
 * parts…, CRC-32C]}, each text with a 2-byte length.
 */
public final class PageToken {
  /** Longest token accepted, in characters. */
  public static final int MAX_LENGTH = 4096;

  private static final int VERSION = 1;
  private static final int CRC_BYTES = 4;

  private PageToken() {}

  /**
   * @param call what the token may continue, such as an operation and its resource
   * @param parts what the next page needs
   */
  public static String encode(String call, List<String> parts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      write(out, call);
      for (String part : parts) {
        write(out, part);
      }
      out.writeInt(checksum(bytes.toByteArray(), bytes.size()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  private static void write(DataOutputStream out, String text) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    if (utf8.length > 0xffff) {
      throw new IllegalArgumentException("a part of a token has %d bytes".formatted(utf8.length));
    }
    out.writeShort(utf8.length);
    out.write(utf8);
  }

  /**
   * The parts of a token.
   *
   * @throws io.millrace.api.error.AwsException INVALID_ARGUMENT if it is not a token of this call
   */
  public static List<String> decode(String token, String call) {
    if (token.length() > MAX_LENGTH) {
      throw invalid();
    }
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(token);
    } catch (IllegalArgumentException e) {
      throw invalid();
    }
    int end = bytes.length - CRC_BYTES;
    if (end < 1
        || bytes[0] != VERSION
        || ByteBuffer.wrap(bytes).getInt(end) != checksum(bytes, end)) {
      throw invalid();
    }
    List<String> texts = new ArrayList<>();
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, 1, end - 1))) {
      while (in.available() > 0) {
        byte[] utf8 = new byte[in.readUnsignedShort()];
        in.readFully(utf8);
        texts.add(new String(utf8, StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw invalid();
    }
    if (texts.isEmpty() || !texts.getFirst().equals(call)) {
      throw invalid();
    }
    return List.copyOf(texts.subList(1, texts.size()));
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  private static RuntimeException invalid() {
    return AwsError.INVALID_ARGUMENT.because("NextToken is not one this call gave out");
  }
}
