package io.millrace.ingest.source.worker;

import io.millrace.media.track.Track;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The bytes on a worker's pipes. Numbers are big endian; text is a 4-byte length and UTF-8.
 *
 * <pre>
 * order   := ORDER text(url) u8(1 when frames are read at their own pace) i32(largest frame)
 *            i32(options) (text(name) text(value))*
 * hello   := HELLO text(why libav cannot load, empty when it can)
 * opened  := OPENED i32(others) text(codec that cannot be stored)*
 * track   := TRACK track, as {@link TrackCodec} writes it
 * ready   := READY i64(how much older than what came last the first frame is, ns)
 * frame   := FRAME u8(track number) u8(1 keyframe) i64(time, ns; {@link #NO_TIME}) i32(size) bytes
 * end     := END text(why)
 * </pre>
 *
 * The server sends one order; the end of its pipe ends the worker. The worker answers {@code hello
 * opened track* ready frame* end}; {@code end} may come at any point after hello.
 */
public final class WorkerMessages {
  /** Time of a frame whose stream has none: when it came counts. */
  public static final long NO_TIME = Long.MIN_VALUE;

  static final int ORDER = 0x4d52534f;
  static final int MAX_TEXT_BYTES = 16 << 10;
  static final int MAX_ITEMS = 100;
  private static final int HELLO = 'H';
  private static final int OPENED = 'O';
  private static final int TRACK = 'T';
  private static final int READY = 'R';
  private static final int FRAME = 'F';
  private static final int END = 'E';

  private WorkerMessages() {}

  /**
   * What a worker is to read.
   *
   * @param url with credentials; never logged
   * @param paced whether frames are handed on no faster than their times say
   * @param maxFrameBytes a larger frame ends the connection
   * @param options of libav by name
   */
  public record Order(String url, boolean paced, int maxFrameBytes, Map<String, String> options) {
    public Order {
      options = Map.copyOf(options);
    }

    /** Without the URL, which has credentials. */
    @Override
    public String toString() {
      return "Order" + options.keySet();
    }
  }

  /** What a worker says. */
  public sealed interface Message {}

  /**
   * It runs.
   *
   * @param trouble why libav cannot be used, empty when it can
   */
  public record Hello(String trouble) implements Message {}

  /**
   * The source was opened.
   *
   * @param others codecs that it sends as well and that are left out
   */
  public record Opened(List<String> others) implements Message {}

  /** A track of the source, numbered from 1. */
  public record Declared(Track track) implements Message {}

  /**
   * All tracks are declared.
   *
   * @param heldNanos how long the first frame of those that follow has been held, by the times of
   *     the source; 0 where nobody knows
   */
  public record Ready(long heldNanos) implements Message {}

  /**
   * A frame.
   *
   * @param timeNanos on the source's own time line, or {@link #NO_TIME}
   * @param data as {@link io.millrace.ingest.rtp.payload.AccessUnit#data}
   */
  public record FrameRead(int track, boolean keyframe, long timeNanos, ByteBuffer data)
      implements Message {}

  /** Nothing more comes. */
  public record Ended(String reason) implements Message {}

  /** Writes the order; the caller flushes. */
  public static void write(DataOutputStream out, Order order) throws IOException {
    out.writeInt(ORDER);
    writeText(out, order.url());
    out.writeBoolean(order.paced());
    out.writeInt(order.maxFrameBytes());
    out.writeInt(order.options().size());
    for (Map.Entry<String, String> option : order.options().entrySet()) {
      writeText(out, option.getKey());
      writeText(out, option.getValue());
    }
  }

  static Order readOrder(DataInputStream in) throws IOException {
    if (in.readInt() != ORDER) {
      throw new IOException("not an order");
    }
    String url = readText(in);
    boolean paced = in.readBoolean();
    int maxFrameBytes = in.readInt();
    Map<String, String> options = new LinkedHashMap<>();
    for (int left = size(in.readInt(), MAX_ITEMS, "options"); left > 0; left--) {
      options.put(readText(in), readText(in));
    }
    return new Order(url, paced, maxFrameBytes, options);
  }

  static void write(DataOutputStream out, Message message) throws IOException {
    switch (message) {
      case Hello(String trouble) -> {
        out.writeByte(HELLO);
        writeText(out, trouble);
      }
      case Opened(List<String> others) -> {
        out.writeByte(OPENED);
        out.writeInt(Math.min(others.size(), MAX_ITEMS));
        for (String other : others.subList(0, Math.min(others.size(), MAX_ITEMS))) {
          writeText(out, other);
        }
      }
      case Declared(Track track) -> {
        out.writeByte(TRACK);
        TrackCodec.write(out, track);
      }
      case Ready(long heldNanos) -> {
        out.writeByte(READY);
        out.writeLong(heldNanos);
      }
      case FrameRead(int track, boolean keyframe, long timeNanos, ByteBuffer data) -> {
        out.writeByte(FRAME);
        out.writeByte(track);
        out.writeBoolean(keyframe);
        out.writeLong(timeNanos);
        out.writeInt(data.remaining());
        out.write(data.array(), data.arrayOffset() + data.position(), data.remaining());
      }
      case Ended(String reason) -> {
        out.writeByte(END);
        writeText(out, reason);
      }
    }
  }

  /**
   * Reads the next message.
   *
   * @throws IOException if the worker is gone, or says what it must not
   */
  public static Message read(DataInputStream in, int maxFrameBytes) throws IOException {
    int kind = in.readUnsignedByte();
    return switch (kind) {
      case HELLO -> new Hello(readText(in));
      case OPENED -> {
        List<String> others = new ArrayList<>();
        for (int left = size(in.readInt(), MAX_ITEMS, "codecs"); left > 0; left--) {
          others.add(readText(in));
        }
        yield new Opened(List.copyOf(others));
      }
      case TRACK -> new Declared(TrackCodec.read(in));
      case READY -> new Ready(in.readLong());
      case FRAME -> {
        int track = in.readUnsignedByte();
        boolean keyframe = in.readBoolean();
        long timeNanos = in.readLong();
        byte[] data = new byte[size(in.readInt(), maxFrameBytes, "frame bytes")];
        in.readFully(data);
        yield new FrameRead(track, keyframe, timeNanos, ByteBuffer.wrap(data));
      }
      case END -> new Ended(readText(in));
      default -> throw new IOException("the worker sent a message of kind " + kind);
    };
  }

  static int size(int size, int limit, String what) throws IOException {
    if (size < 0 || size > limit) {
      throw new IOException("%d %s, beyond %d".formatted(size, what, limit));
    }
    return size;
  }

  static void writeText(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    byte[] cut = bytes.length > MAX_TEXT_BYTES ? Arrays.copyOf(bytes, MAX_TEXT_BYTES) : bytes;
    out.writeInt(cut.length);
    out.write(cut);
  }

  static String readText(DataInputStream in) throws IOException {
    byte[] bytes = new byte[size(in.readInt(), MAX_TEXT_BYTES, "bytes of text")];
    in.readFully(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
