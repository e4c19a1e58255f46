package io.millrace.media.track;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Decoder setup bytes of a track: avcC, hvcC, AudioSpecificConfig, WAVEFORMATEX or whatever its
 * codec uses. An immutable value.
 */
public final class CodecPrivateData {
  /** What a container without setup bytes has. */
  public static final CodecPrivateData EMPTY = new CodecPrivateData(new byte[0]);

  private final byte[] bytes;

  private CodecPrivateData(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Copies the bytes. */
  public static CodecPrivateData copyOf(byte[] bytes) {
    return bytes.length == 0 ? EMPTY : new CodecPrivateData(bytes.clone());
  }

  /** Copies from position to limit; the buffer is borrowed and left as it was. */
  public static CodecPrivateData copyOf(ByteBuffer buffer) {
    byte[] copy = new byte[buffer.remaining()];
    buffer.get(buffer.position(), copy);
    return copy.length == 0 ? EMPTY : new CodecPrivateData(copy);
  }

  public int size() {
    return bytes.length;
  }

  public boolean isEmpty() {
    return bytes.length == 0;
  }

  /** A read-only view. */
  public ByteBuffer view() {
    return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
  }

  /** A copy. */
  public byte[] toByteArray() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CodecPrivateData that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "CodecPrivateData[" + bytes.length + " bytes]";
  }
}
