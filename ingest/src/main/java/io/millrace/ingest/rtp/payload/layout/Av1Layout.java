package io.millrace.ingest.rtp.payload.layout;

import io.millrace.ingest.rtp.packet.MalformedPacket;
import io.millrace.media.av1.Obu;
import io.millrace.media.bits.Leb128;
import io.millrace.media.track.MalformedMedia;
import java.nio.ByteBuffer;

/**
 * Payloads of AV1 (RTP Payload Format For AV1 section 4): an aggregation header, and OBUs or pieces
 * of them. Frames get OBUs with sizes, without temporal delimiters, tile lists and padding.
 */
public final class Av1Layout implements FrameLayout {
  /** The first element goes on with an OBU that began before. */
  public static final int CONTINUES = 0x80;

  /** The last element is not the end of its OBU. */
  public static final int UNFINISHED = 0x40;

  /** A coded video sequence begins. */
  public static final int NEW_SEQUENCE = 0x08;

  /** The only element has no length. */
  public static final int ONE_ELEMENT = 0x10;

  private static final int COUNT_SHIFT = 4;
  private static final int COUNT = 3;
  private static final int NONE = -1;

  private final ByteBuffer size = ByteBuffer.allocate(8);

  /** Where the OBU that is not finished begins in the frame, or {@link #NONE}. */
  private int obuFrom = NONE;

  @Override
  public void begin() {
    obuFrom = NONE;
  }

  @Override
  public void read(ByteBuffer payload, FrameBuilder frame) throws MalformedPacket {
    int at = payload.position();
    int header = payload.get(at++);
    int count = header >> COUNT_SHIFT & COUNT;
    boolean continues = (header & CONTINUES) != 0;
    if (continues != (obuFrom != NONE)) {
      throw new MalformedPacket(
          continues ? "the beginning of an OBU never came" : "the end of an OBU never came");
    }
    int elements = 0;
    while (at < payload.limit()) {
      elements++;
      int length = payload.limit() - at;
      if (elements != count) {
        int bytes = Leb128.length(payload, at);
        length = bytes < 0 ? -1 : Leb128.value(payload, at);
        at += bytes;
      }
      if (length < 0 || length > payload.limit() - at) {
        throw new MalformedPacket("it has an OBU beyond the end of its packet");
      }
      element(payload, at, length, frame);
      at += length;
      if (at < payload.limit() || (header & UNFINISHED) == 0) {
        finishObu(frame);
      }
    }
    if (elements == 0 || (count != 0 && elements != count)) {
      throw new MalformedPacket("it has %d OBUs where %d are said".formatted(elements, count));
    }
  }

  private void element(ByteBuffer payload, int from, int length, FrameBuilder frame) {
    if (obuFrom == NONE) {
      frame.countUnit();
      obuFrom = frame.size();
    }
    frame.append(payload, from, length);
  }

  /** Gives the OBU a size where it has none, or takes it away where it is none to keep. */
  private void finishObu(FrameBuilder frame) throws MalformedPacket {
    int from = obuFrom;
    obuFrom = NONE;
    if (frame.fault() != null) {
      return;
    }
    ByteBuffer obu = frame.view();
    obu.position(obu.position() + from);
    if (!obu.hasRemaining()) {
      return;
    }
    try {
      Obu read = Obu.at(obu, obu.position());
      if (read.end() != obu.limit()) {
        throw new MalformedPacket("it has an OBU whose size is not that of its element");
      }
      switch (read.type()) {
        case Obu.TEMPORAL_DELIMITER, Obu.TILE_LIST, Obu.PADDING -> frame.cut(from);
        default -> {
          if ((obu.get(obu.position()) & Obu.HAS_SIZE) == 0) {
            frame.set(from, obu.get(obu.position()) | Obu.HAS_SIZE);
            Leb128.put(size.clear(), read.payloadBytes());
            frame.insert(from + read.headerBytes(), size.flip());
          }
        }
      }
    } catch (MalformedMedia e) {
      throw new MalformedPacket("it has a broken OBU: " + e.getMessage());
    }
  }

  @Override
  public void end(FrameBuilder frame) throws MalformedPacket {
    if (obuFrom != NONE) {
      throw new MalformedPacket("the end of an OBU never came");
    }
  }

  /** A temporal delimiter or a sequence header comes first; before other OBUs there may be some. */
  @Override
  public boolean isFirst(ByteBuffer payload) {
    int at = payload.position();
    int header = payload.get(at++);
    if ((header & COUNT << COUNT_SHIFT) != ONE_ELEMENT) {
      at += Math.max(1, Leb128.length(payload, at));
    }
    if ((header & CONTINUES) != 0 || at >= payload.limit()) {
      return false;
    }
    int type = Obu.type(payload.get(at));
    return type == Obu.SEQUENCE_HEADER || type == Obu.TEMPORAL_DELIMITER;
  }

  @Override
  public boolean isKeyframe(ByteBuffer frame) {
    return Obu.isKeyframe(frame);
  }
}
