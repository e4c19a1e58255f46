package io.millrace.ingest.rtp.payload.layout;

import io.millrace.ingest.rtp.packet.MalformedPacket;
import io.millrace.media.vp8.Vp8Keyframe;
import java.nio.ByteBuffer;

/** Payloads of VP8 (RFC 7741 section 4): a descriptor, and a piece of the frame. */
public final class Vp8Layout implements FrameLayout {
  /** A partition begins in the payload. */
  public static final int START = 0x10;

  private static final int EXTENDED = 0x80;
  private static final int PARTITION = 0x07;
  private static final int HAS_PICTURE_ID = 0x80;
  private static final int HAS_TL0_INDEX = 0x40;
  private static final int HAS_LAYER_OR_KEY_INDEX = 0x30;
  private static final int LONG_PICTURE_ID = 0x80;

  @Override
  public void begin() {
    // Nothing is kept from payload to payload.
  }

  @Override
  public void read(ByteBuffer payload, FrameBuilder frame) throws MalformedPacket {
    int from = payload.position() + descriptorBytes(payload);
    if (from >= payload.limit()) {
      throw new MalformedPacket("it has a VP8 payload of a descriptor alone");
    }
    if (frame.size() == 0 && !isFirst(payload)) {
      throw new MalformedPacket(BEGINNING_LOST);
    }
    if (frame.size() > 0 && isFirst(payload)) {
      throw new MalformedPacket("another frame with its time began within it");
    }
    frame.append(payload, from, payload.limit() - from);
  }

  private static int descriptorBytes(ByteBuffer payload) {
    int at = payload.position();
    if ((payload.get(at) & EXTENDED) == 0 || payload.remaining() < 2) {
      return 1;
    }
    int extension = payload.get(at + 1);
    int bytes = 2;
    if ((extension & HAS_PICTURE_ID) != 0) {
      boolean wide = payload.remaining() > 2 && (payload.get(at + 2) & LONG_PICTURE_ID) != 0;
      bytes += wide ? 2 : 1;
    }
    bytes += (extension & HAS_TL0_INDEX) != 0 ? 1 : 0;
    bytes += (extension & HAS_LAYER_OR_KEY_INDEX) != 0 ? 1 : 0;
    return bytes;
  }

  @Override
  public void end(FrameBuilder frame) {
    // The marker says that nothing is missing.
  }

  @Override
  public boolean isFirst(ByteBuffer payload) {
    return (payload.get(payload.position()) & (START | PARTITION)) == START;
  }

  @Override
  public boolean isKeyframe(ByteBuffer frame) {
    return Vp8Keyframe.is(frame);
  }
}
