package io.millrace.datastreams.model;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Streams as bytes, for the table that keeps them; the layout is in docs/on-disk-format.md. */
public final class StreamCodec {
  private static final int VERSION = 1;
  private static final int NONE = -1;

  private StreamCodec() {}

  /** The bytes of a stream. */
  public static byte[] encode(DataStream stream) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeUTF(stream.name());
      out.writeLong(stream.createdMillis());
      write(out, stream.options());
      out.writeInt(stream.shards().nextNumber());
      out.writeInt(stream.shards().all().size());
      for (StreamShard shard : stream.shards().all()) {
        write(out, shard);
      }
      out.writeShort(stream.consumers().size());
      for (StreamConsumer consumer : stream.consumers().values()) {
        out.writeUTF(consumer.name());
        out.writeLong(consumer.createdMillis());
        write(out, consumer.tags());
        write(out, consumer.policy());
      }
      write(out, stream.tags());
      write(out, stream.policy());
      out.writeShort(stream.changes().size());
      for (DataStream.Change change : stream.changes()) {
        out.writeUTF(change.kind().name());
        out.writeLong(change.millis());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, StreamOptions options) throws IOException {
    out.writeUTF(options.mode().name());
    out.writeInt(options.retentionHours());
    out.writeInt(options.maxRecordKib());
    out.writeUTF(options.distribution().name());
    write(out, options.encryptionKey());
    out.writeByte(options.shardMetrics().size());
    for (String metric : new TreeSet<>(options.shardMetrics())) {
      out.writeUTF(metric);
    }
    out.writeInt(options.warmMibps().orElse(NONE));
  }

  private static void write(DataOutputStream out, StreamShard shard) throws IOException {
    out.writeInt(shard.number());
    out.writeLong(shard.range().start().high());
    out.writeLong(shard.range().start().low());
    out.writeLong(shard.range().end().high());
    out.writeLong(shard.range().end().low());
    out.writeInt(shard.parent().orElse(NONE));
    out.writeInt(shard.adjacentParent().orElse(NONE));
    out.writeLong(shard.createdSeconds());
    out.writeLong(shard.createdMillis());
    out.writeLong(shard.closedMillis().orElse(NONE));
  }

  private static void write(DataOutputStream out, Map<String, String> map) throws IOException {
    out.writeShort(map.size());
    for (Map.Entry<String, String> entry : new TreeMap<>(map).entrySet()) {
      out.writeUTF(entry.getKey());
      out.writeUTF(entry.getValue());
    }
  }

  private static void write(DataOutputStream out, Optional<String> text) throws IOException {
    // A policy may be longer than writeUTF takes.
    byte[] utf8 = text.map(t -> t.getBytes(StandardCharsets.UTF_8)).orElse(new byte[0]);
    out.writeInt(text.isPresent() ? utf8.length : NONE);
    out.write(utf8);
  }

  /**
   * Reads a stream back.
   *
   * @throws IOException if the bytes are no stream of this version
   */
  public static DataStream decode(byte[] bytes) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = in.readUnsignedByte();
      if (version != VERSION) {
        throw new IOException("data stream of version " + version);
      }
      String name = in.readUTF();
      long createdMillis = in.readLong();
      StreamOptions options = readOptions(in);
      int nextNumber = in.readInt();
      List<StreamShard> shards = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        shards.add(readShard(in));
      }
      Map<String, StreamConsumer> consumers = new HashMap<>();
      for (int left = in.readUnsignedShort(); left > 0; left--) {
        StreamConsumer consumer =
            new StreamConsumer(in.readUTF(), in.readLong(), readMap(in), readOptional(in));
        consumers.put(consumer.name(), consumer);
      }
      Map<String, String> tags = readMap(in);
      Optional<String> policy = readOptional(in);
      List<DataStream.Change> changes = new ArrayList<>();
      for (int left = in.readUnsignedShort(); left > 0; left--) {
        changes.add(
            new DataStream.Change(DataStream.Change.Kind.valueOf(in.readUTF()), in.readLong()));
      }
      return new DataStream(
          name,
          createdMillis,
          options,
          new ShardMap(shards, nextNumber),
          consumers,
          tags,
          policy,
          changes);
    } catch (IllegalArgumentException e) {
      throw new IOException("data stream with an unknown value", e);
    }
  }

  private static StreamOptions readOptions(DataInputStream in) throws IOException {
    StreamOptions.Mode mode = StreamOptions.Mode.valueOf(in.readUTF());
    int retentionHours = in.readInt();
    int maxRecordKib = in.readInt();
    StreamOptions.Distribution distribution = StreamOptions.Distribution.valueOf(in.readUTF());
    Optional<String> key = readOptional(in);
    Set<String> metrics = new TreeSet<>();
    for (int left = in.readUnsignedByte(); left > 0; left--) {
      metrics.add(in.readUTF());
    }
    return new StreamOptions(
        mode, retentionHours, maxRecordKib, distribution, key, metrics, optional(in.readInt()));
  }

  private static StreamShard readShard(DataInputStream in) throws IOException {
    int number = in.readInt();
    HashKeyRange range =
        new HashKeyRange(
            new HashKey(in.readLong(), in.readLong()), new HashKey(in.readLong(), in.readLong()));
    OptionalInt parent = optional(in.readInt());
    OptionalInt adjacent = optional(in.readInt());
    long createdSeconds = in.readLong();
    long createdMillis = in.readLong();
    long closed = in.readLong();
    return new StreamShard(
        number,
        range,
        parent,
        adjacent,
        createdSeconds,
        createdMillis,
        closed == NONE ? OptionalLong.empty() : OptionalLong.of(closed));
  }

  private static Map<String, String> readMap(DataInputStream in) throws IOException {
    Map<String, String> map = new HashMap<>();
    for (int left = in.readUnsignedShort(); left > 0; left--) {
      map.put(in.readUTF(), in.readUTF());
    }
    return map;
  }

  private static Optional<String> readOptional(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length == NONE) {
      return Optional.empty();
    }
    if (length < 0 || length > in.available()) {
      throw new IOException("text of " + length + " bytes");
    }
    return Optional.of(new String(in.readNBytes(length), StandardCharsets.UTF_8));
  }

  private static OptionalInt optional(int value) {
    return value == NONE ? OptionalInt.empty() : OptionalInt.of(value);
  }
}
