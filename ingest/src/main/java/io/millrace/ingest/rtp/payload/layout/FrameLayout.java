package io.millrace.ingest.rtp.payload.layout;

import io.millrace.ingest.rtp.packet.MalformedPacket;
import java.nio.ByteBuffer;

/**
 * What differs between the codecs whose payloads carry parts of one frame. Keeps what it must know
 * of the frame in the making; not thread-safe.
 */
public interface FrameLayout {
  /** Why a frame is dropped whose first packet is missing. */
  String BEGINNING_LOST = "its beginning never came";

  /** Another frame begins. */
  void begin();

  /**
   * Adds what a payload holds to the frame.
   *
   * @param payload not empty; borrowed and left as it was
   * @param frame without a fault
   * @throws MalformedPacket if it breaks the payload format, or a part before it is missing
   */
  void read(ByteBuffer payload, FrameBuilder frame) throws MalformedPacket;

  /**
   * The last payload was read: completes the frame.
   *
   * @param frame without a fault
   * @throws MalformedPacket if a part is missing
   */
  void end(FrameBuilder frame) throws MalformedPacket;

  /** Whether nothing of its frame comes before a payload, however many packets were lost. */
  boolean isFirst(ByteBuffer payload);

  /**
   * Whether a decoder can start at a frame.
   *
   * @param frame whole; borrowed and left as it was
   */
  boolean isKeyframe(ByteBuffer frame);
}
