package io.millrace.store.stream;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One event of the catalogue's log. The kind is the record's kind; the payload is a version byte
 * and then the fields, texts as 2 bytes of length and UTF-8.
 */
sealed interface CatalogEvent {
  /** Version of the payload. */
  int VERSION = 1;

  /** Longest text and most tags a payload may hold; the reader refuses more. */
  int MAX_TAGS = 1000;

  /** Kind of the record. */
  int kind();

  /** A stream as it is from now on. */
  record Put(StreamInfo stream) implements CatalogEvent {
    @Override
    public int kind() {
      return 1;
    }
  }

  /** A stream is gone for everybody; its files may still be there. */
  record Deleted(String name, long createdMillis) implements CatalogEvent {
    @Override
    public int kind() {
      return 2;
    }
  }

  /** The files of a deleted stream are gone. */
  record Purged(String name, long createdMillis) implements CatalogEvent {
    @Override
    public int kind() {
      return 3;
    }
  }

  /** All that was before is void: the whole state follows in the same batch. */
  record Snapshot() implements CatalogEvent {
    /** Kind of its record. */
    static final int KIND = 4;

    @Override
    public int kind() {
      return KIND;
    }
  }

  /** The payload. */
  default ByteBuffer encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      switch (this) {
        case Put put -> write(out, put.stream());
        case Deleted deleted -> {
          out.writeUTF(deleted.name());
          out.writeLong(deleted.createdMillis());
        }
        case Purged purged -> {
          out.writeUTF(purged.name());
          out.writeLong(purged.createdMillis());
        }
        case Snapshot snapshot -> {}
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ByteBuffer.wrap(bytes.toByteArray());
  }

  private static void write(DataOutputStream out, StreamInfo stream) throws IOException {
    out.writeUTF(stream.name());
    out.writeLong(stream.createdMillis());
    out.writeUTF(stream.version());
    out.writeUTF(stream.status().name());
    out.writeInt(stream.retentionHours());
    write(out, stream.mediaType());
    write(out, stream.deviceName());
    write(out, stream.kmsKeyId());
    out.writeUTF(stream.storageTier());
    out.writeShort(stream.tags().size());
    for (Map.Entry<String, String> tag : new TreeMap<>(stream.tags()).entrySet()) {
      out.writeUTF(tag.getKey());
      out.writeUTF(tag.getValue());
    }
  }

  private static void write(DataOutputStream out, Optional<String> text) throws IOException {
    out.writeBoolean(text.isPresent());
    if (text.isPresent()) {
      out.writeUTF(text.get());
    }
  }

  /**
   * Reads an event back.
   *
   * @throws IOException if the bytes are no event of this version
   */
  static CatalogEvent decode(int kind, ByteBuffer payload) throws IOException {
    byte[] bytes = new byte[payload.remaining()];
    payload.duplicate().get(bytes);
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = in.readUnsignedByte();
      if (version != VERSION) {
        throw new IOException("catalogue event of version " + version);
      }
      return switch (kind) {
        case 1 -> new Put(readStream(in));
        case 2 -> new Deleted(in.readUTF(), in.readLong());
        case 3 -> new Purged(in.readUTF(), in.readLong());
        case Snapshot.KIND -> new Snapshot();
        default -> throw new IOException("catalogue event of kind " + kind);
      };
    } catch (IllegalArgumentException e) {
      throw new IOException("catalogue event with an unknown value", e);
    }
  }

  private static StreamInfo readStream(DataInputStream in) throws IOException {
    String name = in.readUTF();
    long createdMillis = in.readLong();
    String version = in.readUTF();
    StreamInfo.Status status = StreamInfo.Status.valueOf(in.readUTF());
    int retentionHours = in.readInt();
    Optional<String> mediaType = readOptional(in);
    Optional<String> deviceName = readOptional(in);
    Optional<String> kmsKeyId = readOptional(in);
    String storageTier = in.readUTF();
    int count = in.readUnsignedShort();
    if (count > MAX_TAGS || createdMillis < 0) {
      throw new IOException("catalogue event with " + count + " tags, created " + createdMillis);
    }
    Map<String, String> tags = new HashMap<>();
    for (int i = 0; i < count; i++) {
      tags.put(in.readUTF(), in.readUTF());
    }
    return new StreamInfo(
        name,
        createdMillis,
        version,
        status,
        retentionHours,
        mediaType,
        deviceName,
        kmsKeyId,
        storageTier,
        tags);
  }

  private static Optional<String> readOptional(DataInputStream in) throws IOException {
    return in.readBoolean() ? Optional.of(in.readUTF()) : Optional.empty();
  }
}
