package io.millrace.media.codec;

/** How the frames of a track are packed. */
public enum Framing {
  /** As the codec's mapping asks: length-prefixed NAL units, a temporal unit of OBUs, raw AAC. */
  NATIVE,
  /** NAL units with start codes. */
  ANNEX_B,
  /** AAC with a header before each frame. */
  ADTS
}
