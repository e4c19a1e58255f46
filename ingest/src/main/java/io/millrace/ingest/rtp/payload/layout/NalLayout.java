package io.millrace.ingest.rtp.payload.layout;

import io.millrace.ingest.rtp.packet.MalformedPacket;
import java.nio.ByteBuffer;

/** What differs between the codecs that travel as NAL units. */
public interface NalLayout {
  /** A frame holds a slice of a picture. */
  int SLICE = 1;

  /** A frame holds a picture where decoding can start. */
  int KEY = 2;

  /** A frame holds a picture that needs no other, though nothing says that decoding can start. */
  int INTRA = 4;

  /** Rank of a slice in {@link #rank}. */
  int SLICE_RANK = 9;

  /**
   * Adds what a payload holds to the frame.
   *
   * @param payload not empty; borrowed and left as it was
   * @throws MalformedPacket if it breaks the payload format
   */
  void read(ByteBuffer payload, FrameBuilder frame) throws MalformedPacket;

  /**
   * Where the unit that a payload begins with stands in the order of units of an access unit: lower
   * ones come first, {@link #SLICE_RANK} is a slice.
   *
   * @return -1 where the payload goes on with a unit that began before
   */
  int rank(ByteBuffer payload);

  /** Whether a payload begins with the first slice of a picture, or with a unit before slices. */
  boolean beginsPicture(ByteBuffer payload);

  /**
   * What a frame holds.
   *
   * @param frame NAL units with 4-byte lengths; borrowed and left as it was
   * @return sum of {@link #SLICE}, {@link #KEY} and {@link #INTRA}
   */
  default int contents(ByteBuffer frame) {
    int contents = 0;
    int at = frame.position();
    while (at + 4 < frame.limit()) {
      int length = frame.getInt(at);
      contents |= contents(frame, at + 4, length);
      at += 4 + length;
    }
    return contents;
  }

  /** What one NAL unit says of its frame. */
  int contents(ByteBuffer bytes, int from, int length);
}
