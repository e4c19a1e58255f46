package io.millrace.store.segment.file;

import io.millrace.store.shard.Entry;
import io.millrace.store.shard.Marks;
import io.millrace.store.shard.Position;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
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
 * 36 per shard: 2 number, 1 flags (1: sealed), 1 zero, 8 start
 * </pre>
 *
 * @param shards by number
 * @param highest largest of each mark; null when none was ever appended
 */
public record LaneState(Map<Integer, Shard> shards, @Nullable Marks highest) {
  /** Record kind; callers' kinds start at 1. */
  public static final int KIND = 0;

  public static final LaneState INITIAL = new LaneState(Map.of(), null);
  private static final int VERSION = 1;
  private static final int FIXED_BYTES = 36;
  private static final int SHARD_BYTES = 12;

  public LaneState {
    shards = Map.copyOf(shards);
  }

  /**
   * One shard.
   *
   * @param sealed whether it takes no more
   * @param start nothing before it is readable
   */
  public record Shard(boolean sealed, Position start) {
    public static final Shard INITIAL = new Shard(false, Position.START);
  }

  public ByteBuffer encode() {
    ByteBuffer out = ByteBuffer.allocate(FIXED_BYTES + shards.size() * SHARD_BYTES);
    Marks marks = highest == null ? new Marks(0, 0, 0, 0) : highest;
    out.put((byte) VERSION).put((byte) (highest == null ? 0 : 1)).putShort((short) shards.size());
    out.putLong(marks.first()).putLong(marks.second()).putLong(marks.third());
    out.putLong(marks.fourth());
    new TreeMap<>(shards)
        .forEach(
            (number, shard) ->
                out.putShort(number.shortValue())
                    .put((byte) (shard.sealed() ? 1 : 0))
                    .put((byte) 0)
                    .putLong(shard.start().value()));
    return out.flip();
  }

  /**
   * Reads it back.
   *
   * @throws IOException if the bytes are not a state of this version
   */
  public static LaneState decode(ByteBuffer in) throws IOException {
    if (in.remaining() < FIXED_BYTES || in.get(in.position()) != VERSION) {
      throw new IOException("not a lane state of version " + VERSION);
    }
    in.get();
    boolean marked = in.get() != 0;
    int count = Short.toUnsignedInt(in.getShort());
    Marks marks = new Marks(in.getLong(), in.getLong(), in.getLong(), in.getLong());
    if (in.remaining() != count * SHARD_BYTES) {
      throw new IOException("lane state of %d shards in %d bytes".formatted(count, in.remaining()));
    }
    Map<Integer, Shard> shards = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      int number = Short.toUnsignedInt(in.getShort());
      boolean sealed = in.getShort() != 0;
      long start = in.getLong();
      if (start < 0) {
        throw new IOException("lane state with a negative start");
      }
      shards.put(number, new Shard(sealed, new Position(start)));
    }
    return new LaneState(shards, marked ? marks : null);
  }

  /** The record that keeps it. */
  public List<BlockEncoder.Item> items(long nowMillis) {
    return List.of(new BlockEncoder.Item(0, Entry.of(KIND, nowMillis, Entry.NO_BYTES, encode())));
  }
}
