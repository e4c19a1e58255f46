package io.millrace.api.eventstream;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** A message while it is written: headers first, then the payload as a stream of bytes. */
final class Frame extends ByteArrayOutputStream {
  private static final int LENGTHS_BYTES = 8;
  private static final int PRELUDE_BYTES = 12;
  private static final int CRC_BYTES = 4;
  private static final int STRING = 7;
  private static final int MAX_HEADER_BYTES = 32_767;

  private int headersEnd;

  Frame() {
    super(512);
    count = PRELUDE_BYTES;
  }

  /** Adds a header of type string, cut to what a header may hold. */
  void header(String name, String value) {
    byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
    byte[] valueBytes = value.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(valueBytes.length, MAX_HEADER_BYTES);
    write(nameBytes.length);
    write(nameBytes, 0, nameBytes.length);
    write(STRING);
    write(length >>> 8);
    write(length);
    write(valueBytes, 0, length);
  }

  /** What is written from here on is payload. */
  Frame endOfHeaders() {
    headersEnd = count;
    return this;
  }

  /** Fills in lengths and checksums; nothing may be written afterwards. */
  Buffer finish() {
    ByteBuffer prelude = ByteBuffer.wrap(buf, 0, PRELUDE_BYTES);
    prelude.putInt(count + CRC_BYTES);
    prelude.putInt(headersEnd - PRELUDE_BYTES);
    prelude.putInt(crc(LENGTHS_BYTES));
    return Buffer.buffer(count + CRC_BYTES).appendBytes(buf, 0, count).appendInt(crc(count));
  }

  private int crc(int length) {
    CRC32 crc = new CRC32();
    crc.update(buf, 0, length);
    return (int) crc.getValue();
  }
}
