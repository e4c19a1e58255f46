package io.millrace.store.shard;

import java.nio.ByteBuffer;

/**
 * A record read back.
 *
 * @param head where and what it is
 * @param key its key, read-only
 * @param payload its bytes, read-only
 */
public record StoredRecord(Head head, ByteBuffer key, ByteBuffer payload) {}
