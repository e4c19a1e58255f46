package io.millrace.ingest.rtp.payload.layout;

import io.millrace.ingest.rtp.packet.MalformedPacket;
import io.millrace.media.vp9.Vp9Keyframe;
import io.millrace.media.vp9.Vp9Superframe;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Payloads of VP9 (RFC 9628 section 4): a descriptor, and a piece of a layer's frame. All spatial
 * layers of a picture together are one frame, a superframe.
 */
public final class Vp9Layout implements FrameLayout {
  /** The picture is predicted from others. */
  public static final int PREDICTED = 0x40;

  /** The frame of a layer begins. */
  public static final int BEGIN = 0x08;

  /** The frame of a layer ends. */
  public static final int END = 0x04;

  private static final int HAS_PICTURE_ID = 0x80;
  private static final int HAS_LAYERS = 0x20;
  private static final int FLEXIBLE = 0x10;
  private static final int HAS_STRUCTURE = 0x02;
  private static final int LONG_PICTURE_ID = 0x80;
  private static final int MAX_REFERENCES = 3;
  private static final int WITH_SIZES = 0x10;
  private static final int WITH_GROUP = 0x08;

  private final int[] sizes = new int[Vp9Superframe.MAX_FRAMES];
  private int layers;
  private int layerFrom;
  private boolean inLayer;

  @Override
  public void begin() {
    layers = 0;
    inLayer = false;
  }

  @Override
  public void read(ByteBuffer payload, FrameBuilder frame) throws MalformedPacket {
    int from = contentAt(payload);
    if (from < 0 || from >= payload.limit()) {
      throw new MalformedPacket("it has a VP9 payload without content");
    }
    int flags = payload.get(payload.position());
    if ((flags & BEGIN) != 0) {
      if (inLayer) {
        throw new MalformedPacket("the end of a layer never came");
      }
      if (layers == sizes.length) {
        throw new MalformedPacket("it has more than %d layers".formatted(sizes.length));
      }
      inLayer = true;
      layerFrom = frame.size();
    } else if (!inLayer) {
      throw new MalformedPacket(layers == 0 ? BEGINNING_LOST : "the beginning of a layer is lost");
    }
    frame.append(payload, from, payload.limit() - from);
    if ((flags & END) != 0) {
      inLayer = false;
      sizes[layers++] = frame.size() - layerFrom;
    }
  }

  /** Index of what follows the descriptor; -1 where that ends early. */
  private static int contentAt(ByteBuffer payload) {
    int at = payload.position();
    int flags = payload.get(at++);
    if ((flags & HAS_PICTURE_ID) != 0) {
      boolean wide = at < payload.limit() && (payload.get(at) & LONG_PICTURE_ID) != 0;
      at += wide ? 2 : 1;
    }
    if ((flags & HAS_LAYERS) != 0) {
      at += (flags & FLEXIBLE) != 0 ? 1 : 2;
    }
    if ((flags & FLEXIBLE) != 0 && (flags & PREDICTED) != 0) {
      boolean more = true;
      for (int i = 0; more && i < MAX_REFERENCES; i++, at++) {
        if (at >= payload.limit()) {
          return -1;
        }
        more = (payload.get(at) & 1) != 0;
      }
    }
    return (flags & HAS_STRUCTURE) != 0 ? behindStructure(payload, at) : at;
  }

  /** Passes the scalability structure. */
  private static int behindStructure(ByteBuffer payload, int from) {
    int at = from;
    if (at >= payload.limit()) {
      return -1;
    }
    int head = payload.get(at++) & 0xff;
    if ((head & WITH_SIZES) != 0) {
      at += 4 * ((head >> 5) + 1);
    }
    if ((head & WITH_GROUP) != 0) {
      if (at >= payload.limit()) {
        return -1;
      }
      int pictures = payload.get(at++) & 0xff;
      for (int i = 0; i < pictures; i++) {
        if (at >= payload.limit()) {
          return -1;
        }
        at += 1 + (payload.get(at) >> 2 & 3);
      }
    }
    return at;
  }

  @Override
  public void end(FrameBuilder frame) throws MalformedPacket {
    if (inLayer) {
      throw new MalformedPacket("the end of a layer never came");
    }
    if (layers > 1) {
      ByteBuffer index = Vp9Superframe.index(Arrays.copyOf(sizes, layers));
      frame.append(index, 0, index.remaining());
    }
  }

  @Override
  public boolean isFirst(ByteBuffer payload) {
    int at = payload.position();
    int flags = payload.get(at);
    if ((flags & BEGIN) == 0 || (flags & HAS_LAYERS) == 0) {
      return (flags & BEGIN) != 0;
    }
    int layersAt = at + 1;
    if ((flags & HAS_PICTURE_ID) != 0) {
      boolean wide = layersAt < payload.limit() && (payload.get(layersAt) & LONG_PICTURE_ID) != 0;
      layersAt += wide ? 2 : 1;
    }
    // The three bits of the spatial layer.
    return layersAt < payload.limit() && (payload.get(layersAt) & 0x0e) == 0;
  }

  @Override
  public boolean isKeyframe(ByteBuffer frame) {
    return Vp9Keyframe.is(frame);
  }
}
