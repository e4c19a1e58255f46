package io.millrace.media.vp9;

import io.millrace.media.bits.BitReader;
import io.millrace.media.track.MalformedMedia;
import java.nio.ByteBuffer;

/**
 * What the uncompressed header of a VP9 keyframe says (VP9 bitstream specification section 6.2). Of
 * a superframe it is the header of the first frame, with the size of the largest layer.
 *
 * @param profile 0 to 3
 * @param bitDepth 8, 10 or 12
 * @param subsamplingX whether chroma has half the columns
 * @param subsamplingY whether chroma has half the rows
 * @param width pixels, more than 0
 * @param height pixels, more than 0
 */
public record Vp9Keyframe(
    int profile, int bitDepth, boolean subsamplingX, boolean subsamplingY, int width, int height) {
  private static final String WHAT = "VP9 frame";
  private static final int FRAME_MARKER = 2;
  private static final int SYNC_CODE = 0x498342;
  private static final int CS_RGB = 7;

  /** Longest header read: up to the picture size. */
  private static final int HEADER_BYTES = 16;

  /** Whether a frame, or the first of a superframe, is a keyframe. */
  public static boolean is(ByteBuffer frame) {
    if (!frame.hasRemaining()) {
      return false;
    }
    int first = frame.get(frame.position()) & 0xff;
    if (first >> 6 != FRAME_MARKER) {
      return false;
    }
    // Profile 3 is followed by a bit that is always 0; then: shown again, and not a keyframe.
    boolean wide = (first & 0x30) == 0x30;
    return (first & (wide ? 0x06 : 0x0c)) == 0;
  }

  /**
   * Reads the header.
   *
   * @param frame a keyframe; borrowed and left as it was
   * @throws MalformedMedia if it is none
   */
  public static Vp9Keyframe parse(ByteBuffer frame) throws MalformedMedia {
    if (!is(frame)) {
      throw new MalformedMedia(WHAT + " is no keyframe", 0, WHAT);
    }
    Vp9Keyframe found = first(frame);
    for (ByteBuffer layer : Vp9Superframe.frames(frame)) {
      found = found.withLayer(layer);
    }
    return found;
  }

  private static BitReader reader(ByteBuffer frame) {
    int size = Math.min(HEADER_BYTES, frame.remaining());
    return BitReader.of(frame.slice(frame.position(), size), WHAT);
  }

  /** With the size of a frame predicted from layers below, where that is larger. */
  private Vp9Keyframe withLayer(ByteBuffer layer) throws MalformedMedia {
    if (!layer.hasRemaining() || is(layer)) {
      return this;
    }
    BitReader in = reader(layer);
    in.skip(profile == 3 ? 5 : 4);
    boolean shownAgain = in.flag();
    boolean predicted = in.flag();
    if (shownAgain || !predicted) {
      return this;
    }
    boolean shown = in.flag();
    boolean resilient = in.flag();
    boolean intraOnly = !shown && in.flag();
    if (intraOnly) {
      return this;
    }
    in.skip((resilient ? 0 : 2) + 8 + 3 * 4);
    // As large as one of those that it is predicted from?
    if (in.small(3) != 0) {
      return this;
    }
    int layerWidth = in.small(16) + 1;
    int layerHeight = in.small(16) + 1;
    return (long) layerWidth * layerHeight > (long) width * height
        ? new Vp9Keyframe(profile, bitDepth, subsamplingX, subsamplingY, layerWidth, layerHeight)
        : this;
  }

  private static Vp9Keyframe first(ByteBuffer frame) throws MalformedMedia {
    BitReader in = reader(frame);
    in.skip(2);
    int profile = in.small(1) | in.small(1) << 1;
    // Reserved bit of profile 3, shown again, type, shown, error resilient.
    in.skip(profile == 3 ? 5 : 4);
    if (in.small(24) != SYNC_CODE) {
      throw in.malformed("has no sync code");
    }
    int bitDepth = 8;
    if (profile >= 2) {
      bitDepth = in.flag() ? 12 : 10;
    }
    boolean odd = (profile & 1) == 1;
    boolean x = !odd;
    boolean y = !odd;
    if (in.small(3) == CS_RGB) {
      if (!odd) {
        throw in.malformed("has RGB in profile " + profile);
      }
      in.skip(1);
    } else {
      in.skip(1);
      if (odd) {
        x = in.flag();
        y = in.flag();
        in.skip(1);
      }
    }
    return new Vp9Keyframe(profile, bitDepth, x, y, in.small(16) + 1, in.small(16) + 1);
  }
}
