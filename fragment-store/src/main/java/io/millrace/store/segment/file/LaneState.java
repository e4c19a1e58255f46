package io.millrace.store.segment.file;

import io.millrace.store.shard.Entry;
import io.millrace.store.shard.Marks;
import io.millrace.store.shard.Position;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a lane must know beyond its records: shards that are sealed or truncated, and the highest
 * marks ever. It is the first record of every segment and written again when it changes; the newest
 * one counts, so older segments can be dropped.
 *
 * <pre>
 * 0 1 version   1 1 flags (1: highest is set)   2 2 shards   4 32 highest
 * 36 per shard: 2 number, 1 flags (1: sealed, 2: end is known), 1 zero, 8 start, 8 end
 * </pre>
 *
 * <p>Version 1 had no ends.
 *
 * @param shards by number
 * @param highest largest of each mark; null when none was ever appended
 */
public record LaneState(Map<Integer, Shard> shards, @Nullable Marks highest) {
  /** Record kind; callers' kinds start at 1. */
  public static final int KIND = 0;

  public static final LaneState INITIAL = new LaneState(Map.of(), null);
  private static final int VERSION = 2;
  private static final int WITHOUT_ENDS = 1;
  private static final int FIXED_BYTES = 36;
  private static final int SHARD_BYTES = 20;
  private static final int SHARD_BYTES_WITHOUT_END = 12;
  private static final int SEALED = 1;
  private static final int ENDED = 2;

  public LaneState {
    shards = Map.copyOf(shards);
  }

  /**
   * One shard.
   *
   * @param sealed whether it takes no more
   * @param start nothing before it is readable
   * @param end all its records stand before it; null when that is not known
   */
  public record Shard(boolean sealed, Position start, @Nullable Position end) {
    public static final Shard INITIAL = new Shard(false, Position.START, null);
  }

  public ByteBuffer encode() {
    ByteBuffer out = ByteBuffer.allocate(FIXED_BYTES + shards.size() * SHARD_BYTES);
    Marks marks = highest == null ? new Marks(0, 0, 0, 0) : highest;
    out.put((byte) VERSION).put((byte) (highest == null ? 0 : 1)).putShort((short) shards.size());
    out.putLong(marks.first()).putLong(marks.second()).putLong(marks.third());
    out.putLong(marks.fourth());
    for (Map.Entry<Integer, Shard> entry : new TreeMap<>(shards).entrySet()) {
      Shard shard = entry.getValue();
      Position end = shard.end();
      out.putShort(entry.getKey().shortValue());
      out.put((byte) ((shard.sealed() ? SEALED : 0) | (end == null ? 0 : ENDED))).put((byte) 0);
      out.putLong(shard.start().value()).putLong(end == null ? 0 : end.value());
    }
    return out.flip();
  }

  /**
   * Reads it back.
   *
   * @throws IOException if the bytes are not a state of this version
   */
  public static LaneState decode(ByteBuffer in) throws IOException {
    int version = in.hasRemaining() ? in.get(in.position()) : 0;
    if (in.remaining() < FIXED_BYTES || (version != VERSION && version != WITHOUT_ENDS)) {
      throw new IOException("not a lane state of version " + VERSION);
    }
    in.get();
    boolean marked = in.get() != 0;
    int count = Short.toUnsignedInt(in.getShort());
    Marks marks = new Marks(in.getLong(), in.getLong(), in.getLong(), in.getLong());
    boolean ends = version != WITHOUT_ENDS;
    if (in.remaining() != count * (ends ? SHARD_BYTES : SHARD_BYTES_WITHOUT_END)) {
      throw new IOException("lane state of %d shards in %d bytes".formatted(count, in.remaining()));
    }
    Map<Integer, Shard> shards = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      int number = Short.toUnsignedInt(in.getShort());
      int flags = in.get();
      in.get();
      long start = in.getLong();
      long end = ends ? in.getLong() : 0;
      if (start < 0 || end < 0) {
        throw new IOException("lane state with a negative position");
      }
      boolean ended = ends && (flags & ENDED) != 0;
      shards.put(
          number,
          new Shard((flags & SEALED) != 0, new Position(start), ended ? new Position(end) : null));
    }
    return new LaneState(shards, marked ? marks : null);
  }

  /** The record that keeps it. */
  public Entry entry(long nowMillis) {
    return Entry.of(KIND, nowMillis, Entry.NO_BYTES, encode());
  }
}
