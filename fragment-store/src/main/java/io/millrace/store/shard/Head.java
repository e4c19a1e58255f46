package io.millrace.store.shard;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What the engine knows of a durable record without its bytes.
 *
 * @param position where it stands
 * @param shard its shard
 * @param kind as in {@link Entry}
 * @param arrivalMillis as in {@link Entry}
 * @param marks as in {@link Entry}
 * @param attributes as in {@link Entry}; read-only, borrow it with {@code duplicate()}
 * @param keyBytes size of its key
 * @param payloadBytes size of its payload
 */
public record Head(
    Position position,
    int shard,
    int kind,
    long arrivalMillis,
    @Nullable Marks marks,
    ByteBuffer attributes,
    int keyBytes,
    int payloadBytes) {}
