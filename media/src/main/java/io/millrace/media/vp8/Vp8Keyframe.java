package io.millrace.media.vp8;

import io.millrace.media.track.MalformedMedia;
import java.nio.ByteBuffer;

/**
 * What the header of a VP8 keyframe says (RFC 6386 section 9.1).
 *
 * @param width pixels, more than 0
 * @param height pixels, more than 0
 */
public record Vp8Keyframe(int width, int height) {
  private static final int HEADER_BYTES = 10;
  private static final int START_CODE = 0x9d012a;

  /** Two bits above each size say how to scale the picture on a screen, which nobody does. */
  private static final int SIZE = 0x3fff;

  /** Whether a frame is a keyframe: its lowest bit is 0. */
  public static boolean is(ByteBuffer frame) {
    return frame.hasRemaining() && (frame.get(frame.position()) & 1) == 0;
  }

  /**
   * Reads the header.
   *
   * @param frame a keyframe; borrowed and left as it was
   * @throws MalformedMedia if it is none
   */
  public static Vp8Keyframe parse(ByteBuffer frame) throws MalformedMedia {
    int at = frame.position();
    if (frame.remaining() < HEADER_BYTES || !is(frame)) {
      throw malformed("is no keyframe", 0);
    }
    if ((unsigned(frame, at + 3) << 16 | unsigned(frame, at + 4) << 8 | unsigned(frame, at + 5))
        != START_CODE) {
      throw malformed("has no start code", 3);
    }
    int width = (unsigned(frame, at + 6) | unsigned(frame, at + 7) << 8) & SIZE;
    int height = (unsigned(frame, at + 8) | unsigned(frame, at + 9) << 8) & SIZE;
    if (width == 0 || height == 0) {
      throw malformed("is %d by %d pixels".formatted(width, height), 6);
    }
    return new Vp8Keyframe(width, height);
  }

  private static int unsigned(ByteBuffer frame, int at) {
    return frame.get(at) & 0xff;
  }

  private static MalformedMedia malformed(String problem, int at) {
    return new MalformedMedia("VP8 frame " + problem, at, "VP8 frame");
  }
}
