package io.millrace.tests.records;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The two body formats of the service. */
public enum WireFormat {
  JSON("application/x-amz-json-1.1", new JsonFactory()),
  CBOR("application/x-amz-cbor-1.1", new CBORFactory());

  private final String contentType;
  private final JsonFactory factory;

  WireFormat(String contentType, JsonFactory factory) {
    this.contentType = contentType;
    this.factory = factory;
  }

  public String contentType() {
    return contentType;
  }

  /** Writes a body. */
  public interface Body {
    void write(JsonGenerator out) throws IOException;
  }

  /** An object whose members the body writes. */
  public byte[] object(Body body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = factory.createGenerator(bytes)) {
      out.writeStartObject();
      body.write(out);
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** A text member of an answer, found without reading the rest; empty if it is not there. */
  public String text(byte[] answer, String member) {
    byte[] key = key(member);
    int at = find(answer, key, 0);
    if (at < 0) {
      return "";
    }
    int start = at + key.length;
    if (this == JSON) {
      int end = start;
      while (answer[end] != '"') {
        end++;
      }
      return new String(answer, start, end - start, StandardCharsets.UTF_8);
    }
    int head = answer[start] & 0xff;
    int info = head & 0x1f;
    int length = info;
    int skip = 1;
    if (info == 24) {
      length = answer[start + 1] & 0xff;
      skip = 2;
    } else if (info == 25) {
      length = (answer[start + 1] & 0xff) << 8 | (answer[start + 2] & 0xff);
      skip = 3;
    }
    return new String(answer, start + skip, length, StandardCharsets.UTF_8);
  }

  /** How often a member stands in an answer. */
  public int count(byte[] answer, String member) {
    byte[] key = key(member);
    int count = 0;
    for (int at = find(answer, key, 0); at >= 0; at = find(answer, key, at + key.length)) {
      count++;
    }
    return count;
  }

  private byte[] key(String member) {
    return this == JSON
        ? ("\"" + member + "\":\"").getBytes(StandardCharsets.UTF_8)
        : member.getBytes(StandardCharsets.UTF_8);
  }

  private static int find(byte[] text, byte[] wanted, int from) {
    int last = text.length - wanted.length;
    byte first = wanted[0];
    for (int i = from; i <= last; i++) {
      if (text[i] == first && Arrays.equals(text, i, i + wanted.length, wanted, 0, wanted.length)) {
        return i;
      }
    }
    return -1;
  }
}
