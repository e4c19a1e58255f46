package io.millrace.ingest.rtp.payload;

import io.millrace.ingest.rtp.packet.MalformedPacket;
import java.nio.ByteBuffer;

/** What differs between the codecs that travel as NAL units. */
interface NalFormat {
  /**
   * Adds what a payload holds to the frame.
   *
   * @param payload borrowed
   * @throws MalformedPacket if it breaks the payload format
   */
  void read(ByteBuffer payload, FrameBuilder frame) throws MalformedPacket;

  /**
   * Type of the NAL unit that a payload begins with, as far as it carries a beginning.
   *
   * @return -1 where the payload goes on with a unit that began before, or is empty
   */
  int firstType(ByteBuffer payload);

  /**
   * Whether a payload begins with the first slice of a picture, or with a unit that is no slice.
   */
  boolean beginsPicture(ByteBuffer payload);

  /** Whether a NAL unit type is a slice of a picture where decoding can start. */
  boolean isKeySlice(int type);

  /** Whether a frame has a unit with {@link #isKeySlice}; lengths are 4 bytes. */
  default boolean isKeyframe(ByteBuffer frame) {
    int at = frame.position();
    while (at + 4 < frame.limit()) {
      int length = frame.getInt(at);
      if (isKeySlice(type(frame.get(at + 4)))) {
        return true;
      }
      at += 4 + length;
    }
    return false;
  }

  /** Type in the first byte of a NAL unit. */
  int type(byte header);
}
