package io.millrace.store.shard;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record on its way into a log. All buffers are <em>taken</em>: the caller must not change their
 * bytes afterwards; live readers are served from them. The bytes are those from position to limit.
 *
 * @param kind what the record is, 1 to 255 are the caller's, 0 is the engine's
 * @param arrivalMillis server time, epoch milliseconds
 * @param marks values by which the record is found; null for a record found by position and time
 * @param attributes at most {@link #MAX_ATTRIBUTES} bytes kept beside the marks; only with marks
 * @param key at most {@link #MAX_KEY} bytes
 * @param payload the bytes, in one or more parts
 */
public record Entry(
    int kind,
    long arrivalMillis,
    @Nullable Marks marks,
    ByteBuffer attributes,
    ByteBuffer key,
    List<ByteBuffer> payload) {
  /** Most bytes of attributes. */
  public static final int MAX_ATTRIBUTES = 16;

  /** Most bytes of a key. */
  public static final int MAX_KEY = 2048;

  /** No bytes. */
  public static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0).asReadOnlyBuffer();

  public Entry {
    payload = List.copyOf(payload);
    if (kind < 0 || kind > 255 || arrivalMillis < 0) {
      throw new IllegalArgumentException("entry out of range: " + kind + "/" + arrivalMillis);
    }
    if (attributes.remaining() > MAX_ATTRIBUTES || key.remaining() > MAX_KEY) {
      throw new IllegalArgumentException(
          "attributes of %d bytes (at most %d), key of %d (at most %d)"
              .formatted(attributes.remaining(), MAX_ATTRIBUTES, key.remaining(), MAX_KEY));
    }
    if (marks == null && attributes.hasRemaining()) {
      throw new IllegalArgumentException("attributes without marks");
    }
  }

  /** A record found by position and time only. */
  public static Entry of(int kind, long arrivalMillis, ByteBuffer key, ByteBuffer payload) {
    return new Entry(kind, arrivalMillis, null, NO_BYTES, key, List.of(payload));
  }

  /** Bytes of the payload. */
  public long payloadBytes() {
    long bytes = 0;
    for (int i = 0; i < payload.size(); i++) {
      bytes += payload.get(i).remaining();
    }
    return bytes;
  }
}
