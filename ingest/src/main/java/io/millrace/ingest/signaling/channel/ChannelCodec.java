package io.millrace.ingest.signaling.channel;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Bytes of a channel in its table.
 *
 * <pre>
 * version of this layout (1) · created, epoch ms (8) · version (UTF) · message TTL, s (4)
 * number of tags (2) · key, value (UTF) of each
 * whether storage is enabled (1) · name (UTF) and creation (8) of its stream if so
 * </pre>
 */
final class ChannelCodec {
  private static final int LAYOUT = 1;

  private ChannelCodec() {}

  static byte[] encode(Channel channel) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(LAYOUT);
      out.writeLong(channel.createdMillis());
      out.writeUTF(channel.version());
      out.writeInt(channel.messageTtlSeconds());
      out.writeShort(channel.tags().size());
      for (Map.Entry<String, String> tag : new TreeMap<>(channel.tags()).entrySet()) {
        out.writeUTF(tag.getKey());
        out.writeUTF(tag.getValue());
      }
      out.writeBoolean(channel.storage().isPresent());
      if (channel.storage().isPresent()) {
        out.writeUTF(channel.storage().get().name());
        out.writeLong(channel.storage().get().createdMillis());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * @throws UncheckedIOException if the bytes are of another layout
   */
  static Channel decode(String name, byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int layout = in.readUnsignedByte();
      if (layout != LAYOUT) {
        throw new IOException("channel " + name + " is kept in layout " + layout);
      }
      long createdMillis = in.readLong();
      String version = in.readUTF();
      int messageTtlSeconds = in.readInt();
      Map<String, String> tags = new HashMap<>();
      for (int left = in.readUnsignedShort(); left > 0; left--) {
        tags.put(in.readUTF(), in.readUTF());
      }
      Optional<MappedStream> storage =
          in.readBoolean()
              ? Optional.of(new MappedStream(in.readUTF(), in.readLong()))
              : Optional.empty();
      return new Channel(name, createdMillis, version, messageTtlSeconds, tags, storage);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
