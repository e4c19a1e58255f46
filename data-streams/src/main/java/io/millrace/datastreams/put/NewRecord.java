package io.millrace.datastreams.put;

import io.millrace.datastreams.model.HashKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A record on its way in.
 *
 * @param hashKey decides on its shard; null where any shard will do
 * @param partitionKey UTF-8 bytes; null if it came without
 * @param data taken
 */
record NewRecord(@Nullable HashKey hashKey, @Nullable ByteBuffer partitionKey, ByteBuffer data) {

  static @Nullable ByteBuffer utf8(@Nullable String partitionKey) {
    return partitionKey == null
        ? null
        : ByteBuffer.wrap(partitionKey.getBytes(StandardCharsets.UTF_8));
  }

  /** Bytes that count against limits: data and key. */
  int sizeBytes() {
    return data.remaining() + (partitionKey == null ? 0 : partitionKey.remaining());
  }
}
