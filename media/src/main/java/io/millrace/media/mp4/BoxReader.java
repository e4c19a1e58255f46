package io.millrace.media.mp4;

import io.millrace.media.track.MalformedMedia;
import io.millrace.media.track.UnsupportedMedia;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads the fields and child boxes of one box that is held in memory. */
final class BoxReader {
  private static final int HEAD = 8;
  private static final int LARGE_HEAD = 16;

  private final ByteBuffer in;
  private final long fileOffset;
  private final String path;
  private final String type;

  /**
   * @param content content of the box, read from its position
   * @param fileOffset where index 0 of {@code content} lies in the file
   * @param path of the box, for errors
   */
  BoxReader(ByteBuffer content, long fileOffset, String path, String type) {
    this.in = content;
    this.fileOffset = fileOffset;
    this.path = path;
    this.type = type;
  }

  String type() {
    return type;
  }

  int left() {
    return in.remaining();
  }

  /** The next child box, null at the end. */
  @Nullable BoxReader next() throws MalformedMedia {
    if (in.remaining() < HEAD) {
      // Some writers end a container with four zero bytes.
      in.position(in.limit());
      return null;
    }
    int at = in.position();
    long size = in.getInt() & 0xffffffffL;
    String name = name(in.getInt());
    int head = HEAD;
    if (size == 1) {
      need(8);
      size = in.getLong();
      head = LARGE_HEAD;
    } else if (size == 0) {
      size = (long) in.limit() - at;
    }
    if (size < head || size > in.limit() - at) {
      in.position(at);
      throw malformed("box '%s' of %s bytes".formatted(name, Long.toUnsignedString(size)));
    }
    in.position(at + (int) size);
    return new BoxReader(
        in.slice(at + head, (int) size - head), fileOffset + at + head, path + "/" + name, name);
  }

  /** The first child of a type; the reader then stands behind it. */
  @Nullable BoxReader find(String wanted) throws MalformedMedia {
    for (BoxReader child = next(); child != null; child = next()) {
      if (child.type.equals(wanted)) {
        return child;
      }
    }
    return null;
  }

  /** The same box from its start. */
  BoxReader again() {
    return new BoxReader(in.duplicate().position(0), fileOffset, path, type);
  }

  static String name(int fourBytes) {
    byte[] bytes = ByteBuffer.allocate(4).putInt(fourBytes).array();
    for (int i = 0; i < 4; i++) {
      if (bytes[i] < 0x20 || bytes[i] > 0x7e) {
        bytes[i] = '?';
      }
    }
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  int int8() throws MalformedMedia {
    need(1);
    return in.get() & 0xff;
  }

  int int16() throws MalformedMedia {
    need(2);
    return in.getShort() & 0xffff;
  }

  int int32() throws MalformedMedia {
    need(4);
    return in.getInt();
  }

  long unsigned32() throws MalformedMedia {
    return int32() & 0xffffffffL;
  }

  long int64() throws MalformedMedia {
    need(8);
    return in.getLong();
  }

  /** 32 bits in version 0 of a full box, 64 in version 1. */
  long versioned(int version) throws MalformedMedia {
    return version == 1 ? int64() : unsigned32();
  }

  void skip(int bytes) throws MalformedMedia {
    need(bytes);
    in.position(in.position() + bytes);
  }

  /** The bytes up to {@code count}, as a view. */
  ByteBuffer bytes(int count) throws MalformedMedia {
    need(count);
    ByteBuffer view = in.slice(in.position(), count);
    in.position(in.position() + count);
    return view;
  }

  /** Number of table entries, checked against what is left of the box. */
  int count(int entryBytes) throws MalformedMedia {
    long count = unsigned32();
    if (count > Integer.MAX_VALUE || count * entryBytes > in.remaining()) {
      throw malformed("%d entries of %d bytes do not fit".formatted(count, entryBytes));
    }
    return (int) count;
  }

  private void need(int bytes) throws MalformedMedia {
    if (in.remaining() < bytes) {
      throw malformed("box ends early");
    }
  }

  MalformedMedia malformed(String what) {
    return new MalformedMedia(what, fileOffset + in.position(), path);
  }

  UnsupportedMedia unsupported(String what) {
    return new UnsupportedMedia(what, fileOffset + in.position(), path);
  }
}
