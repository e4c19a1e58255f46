package io.millrace.media.ebml;

import io.millrace.media.track.MalformedMedia;
import io.millrace.media.track.MediaException;
import io.millrace.media.track.UnsupportedMedia;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Push reader of EBML structure: fed with bytes in pieces of any size, it calls {@link EbmlEvents}.
 * It holds one header or one small value at a time, never the content of streamed or skipped
 * elements. Not thread-safe; never blocks.
 */
public final class EbmlReader {
  private static final int FIRST_ALLOCATION = 4096;
  private static final long NO_LIMIT = Long.MAX_VALUE;

  private enum State {
    ID,
    SIZE,
    NUMBER,
    COLLECT,
    STREAM,
    SKIP
  }

  private final EbmlSettings settings;
  private final EbmlSchema schema;
  private final EbmlEvents events;

  private State state = State.ID;
  private long offset;
  private long elementOffset;
  private int id;
  private ElementType type = ElementType.SKIP;
  private boolean typed;

  /** Bits read so far of an ID, size or number, and how many bytes are still missing. */
  private long bits;

  private int missing;
  private int length;
  private long contentLeft;
  private byte[] collected = new byte[0];
  private int collectedBytes;
  private int collectedSize;

  private int depth;
  private final int[] openIds;
  private final boolean[] openUnknown;

  /** Where the innermost sized master ends, for each level. */
  private final long[] limits;

  private @Nullable MediaException failure;

  public EbmlReader(EbmlSettings settings, EbmlSchema schema, EbmlEvents events) {
    this.settings = settings;
    this.schema = schema;
    this.events = events;
    openIds = new int[settings.maxDepth()];
    openUnknown = new boolean[settings.maxDepth()];
    limits = new long[settings.maxDepth()];
  }

  /** Bytes consumed so far. */
  public long offset() {
    return offset;
  }

  /**
   * Reads the bytes from position to limit and moves the position there. The buffer is borrowed.
   *
   * @throws MediaException if the bytes break EBML or a limit, or the receiver refused them; the
   *     reader is then finished and repeats this on every call
   */
  public void feed(ByteBuffer buffer) throws MediaException {
    throwIfFailed();
    try {
      while (buffer.hasRemaining()) {
        step(buffer);
      }
    } catch (MediaException e) {
      failure = e;
      throw e;
    }
  }

  /**
   * The input is complete: ends the masters of unknown size that are still open.
   *
   * @throws MediaException if the input stops inside an element
   */
  public void end() throws MediaException {
    throwIfFailed();
    try {
      if (state != State.ID || missing > 0) {
        throw malformed("input ends inside element " + (missing > 0 ? "header" : name()));
      }
      while (depth > 0) {
        if (!openUnknown[depth - 1] && !schema.mayEndEarly(openIds[depth - 1])) {
          throw malformed("input ends inside " + schema.name(openIds[depth - 1]));
        }
        pop();
      }
    } catch (MediaException e) {
      failure = e;
      throw e;
    }
  }

  private void throwIfFailed() throws MediaException {
    if (failure != null) {
      throw failure;
    }
  }

  private void step(ByteBuffer buffer) throws MediaException {
    switch (state) {
      case ID -> readId(buffer);
      case SIZE -> readSize(buffer);
      case NUMBER -> readNumber(buffer);
      case COLLECT -> collect(buffer);
      case STREAM -> passOn(buffer);
      case SKIP -> skip(buffer);
    }
  }

  private void readId(ByteBuffer buffer) throws MediaException {
    if (missing == 0) {
      elementOffset = offset;
      typed = false;
      int first = buffer.get() & 0xff;
      offset++;
      length = VarInt.lengthOf(first);
      if (length > 4) {
        throw malformed("0x%02x does not start an element ID".formatted(first));
      }
      bits = first;
      missing = length - 1;
    }
    readBits(buffer);
    if (missing > 0) {
      return;
    }
    id = (int) bits;
    if (bits == ((1L << (7 * length + 1)) - 1)) {
      throw malformed("reserved element ID " + schema.name(id));
    }
    while (depth > 0 && openUnknown[depth - 1] && schema.endsUnknownSize(openIds[depth - 1], id)) {
      popAt(elementOffset);
    }
    if (depth == 0 && !schema.allowedAtRoot(id)) {
      throw malformed(schema.name(id) + " is not allowed at the top of a document");
    }
    type = schema.type(depth == 0 ? EbmlSchema.ROOT : openIds[depth - 1], id);
    typed = true;
    state = State.SIZE;
  }

  private void readSize(ByteBuffer buffer) throws MediaException {
    if (missing == 0) {
      int first = buffer.get() & 0xff;
      offset++;
      length = VarInt.lengthOf(first);
      if (length > VarInt.MAX_LENGTH) {
        throw malformed("size of " + name() + " has more than 8 bytes");
      }
      bits = VarInt.firstBits(first, length);
      missing = length - 1;
    }
    readBits(buffer);
    if (missing == 0) {
      begin(bits == VarInt.allOnes(length) ? VarInt.UNKNOWN : bits);
    }
  }

  private void readBits(ByteBuffer buffer) {
    while (missing > 0 && buffer.hasRemaining()) {
      bits = bits << 8 | (buffer.get() & 0xff);
      missing--;
      offset++;
    }
  }

  private void begin(long size) throws MediaException {
    long limit = depth == 0 ? NO_LIMIT : limits[depth - 1];
    if (size == VarInt.UNKNOWN) {
      if (type != ElementType.MASTER || !schema.mayBeUnknownSize(id)) {
        throw malformed(name() + " must not have an unknown size");
      }
      if (!settings.unknownSizes()) {
        throw unsupported(name() + " has an unknown size");
      }
      push(limit, true);
      return;
    }
    if (size > limit - offset) {
      throw malformed("%s of %d bytes is longer than what it stands in".formatted(name(), size));
    }
    if (type == ElementType.MASTER) {
      push(offset + size, false);
      closeFinished();
      return;
    }
    if (size > settings.maxElementBytes()) {
      throw unsupported(
          "%s of %d bytes exceeds the limit of %d"
              .formatted(name(), size, settings.maxElementBytes()));
    }
    beginContent(size);
  }

  private void beginContent(long size) throws MediaException {
    switch (type) {
      case INTEGER, FLOAT -> {
        if (size > 8 || (type == ElementType.FLOAT && size != 0 && size != 4 && size != 8)) {
          throw malformed("%s must not have %d bytes".formatted(name(), size));
        }
        bits = 0;
        length = (int) size;
        missing = length;
        state = State.NUMBER;
        if (size == 0) {
          endNumber();
        }
      }
      case TEXT, BINARY -> {
        if (size > settings.maxCollectedBytes()) {
          throw unsupported(
              "%s of %d bytes exceeds the limit of %d"
                  .formatted(name(), size, settings.maxCollectedBytes()));
        }
        collectedSize = (int) size;
        collectedBytes = 0;
        collected = new byte[Math.min(collectedSize, FIRST_ALLOCATION)];
        state = State.COLLECT;
        if (size == 0) {
          endCollected();
        }
      }
      case STREAM -> {
        contentLeft = size;
        state = State.STREAM;
        events.streamStart(id, elementOffset, offset, size);
        if (size == 0) {
          endStream();
        }
      }
      default -> {
        contentLeft = size;
        state = State.SKIP;
        if (size == 0) {
          endElement();
        }
      }
    }
  }

  private void readNumber(ByteBuffer buffer) throws MediaException {
    readBits(buffer);
    if (missing == 0) {
      endNumber();
    }
  }

  private void endNumber() throws MediaException {
    if (type == ElementType.INTEGER) {
      events.integer(id, bits, elementOffset);
    } else {
      double value = length == 4 ? Float.intBitsToFloat((int) bits) : Double.longBitsToDouble(bits);
      events.real(id, value, elementOffset);
    }
    endElement();
  }

  private void collect(ByteBuffer buffer) throws MediaException {
    int n = Math.min(buffer.remaining(), collectedSize - collectedBytes);
    if (collectedBytes + n > collected.length) {
      // Grows with what arrived, not with what was declared.
      int grown = Math.min(collectedSize, Math.max(2 * collected.length, collectedBytes + n));
      collected = Arrays.copyOf(collected, grown);
    }
    buffer.get(collected, collectedBytes, n);
    collectedBytes += n;
    offset += n;
    if (collectedBytes == collectedSize) {
      endCollected();
    }
  }

  private void endCollected() throws MediaException {
    byte[] value = collected;
    collected = new byte[0];
    if (type == ElementType.BINARY) {
      events.binary(
          id,
          value.length == collectedSize ? value : Arrays.copyOf(value, collectedSize),
          elementOffset);
    } else {
      int end = collectedSize;
      while (end > 0 && value[end - 1] == 0) {
        end--;
      }
      events.text(id, new String(value, 0, end, StandardCharsets.UTF_8), elementOffset);
    }
    endElement();
  }

  private void passOn(ByteBuffer buffer) throws MediaException {
    int n = (int) Math.min(buffer.remaining(), contentLeft);
    int from = buffer.position();
    buffer.position(from + n);
    offset += n;
    contentLeft -= n;
    events.streamPart(buffer, from, n);
    if (contentLeft == 0) {
      endStream();
    }
  }

  private void endStream() throws MediaException {
    events.streamEnd(offset);
    endElement();
  }

  private void skip(ByteBuffer buffer) throws MediaException {
    int n = (int) Math.min(buffer.remaining(), contentLeft);
    buffer.position(buffer.position() + n);
    offset += n;
    contentLeft -= n;
    if (contentLeft == 0) {
      endElement();
    }
  }

  private void endElement() throws MediaException {
    typed = false;
    state = State.ID;
    closeFinished();
  }

  private void push(long limit, boolean unknown) throws MediaException {
    if (depth == settings.maxDepth()) {
      throw unsupported("elements are nested deeper than " + settings.maxDepth());
    }
    openIds[depth] = id;
    limits[depth] = limit;
    openUnknown[depth] = unknown;
    depth++;
    typed = false;
    state = State.ID;
    events.masterStart(id, elementOffset, offset);
  }

  private void closeFinished() throws MediaException {
    while (depth > 0 && limits[depth - 1] == offset) {
      pop();
    }
  }

  private void pop() throws MediaException {
    popAt(offset);
  }

  private void popAt(long endOffset) throws MediaException {
    depth--;
    events.masterEnd(openIds[depth], endOffset);
  }

  private String name() {
    return schema.name(id);
  }

  private String path() {
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < depth; i++) {
      path.append(i == 0 ? "" : "/").append(schema.name(openIds[i]));
    }
    if (typed) {
      path.append(depth == 0 ? "" : "/").append(name());
    }
    return path.toString();
  }

  /** A refusal that names the current element and where it stands. */
  public MalformedMedia malformed(String what) {
    return new MalformedMedia(what, elementOffset, path());
  }

  /** A refusal that names the current element and where it stands. */
  public UnsupportedMedia unsupported(String what) {
    return new UnsupportedMedia(what, elementOffset, path());
  }
}
