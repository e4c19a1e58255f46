package io.millrace.ingest.rtp.payload;

import io.millrace.ingest.rtp.packet.MalformedPacket;
import io.millrace.ingest.rtp.packet.RtpPacket;
import java.nio.ByteBuffer;

/** Puts access units of H.264 and H.265 together. */
final class NalDepacketizer implements Depacketizer {
  private final NalFormat format;
  private final FrameBuilder frame;
  private boolean open;
  private long timestamp;

  /** Timestamp of the frame that a marker ended last. */
  private long endedTimestamp = Long.MIN_VALUE;

  /** Whether this source was seen to set the marker within a picture. */
  private boolean markerWithinPictures;

  /** Types of the NAL unit that whole frames of this source began with last. */
  private int firstOfKeyframes = -1;

  private int firstOfOthers = -1;
  private int firstOfFrame = -1;
  private boolean beginningUnsure;

  NalDepacketizer(NalFormat format, DepacketizerSettings settings) {
    this.format = format;
    frame = new FrameBuilder(settings);
  }

  @Override
  public void packet(RtpPacket packet, long unwrapped, boolean afterLoss, Sink sink) {
    ByteBuffer payload = packet.payload();
    if (open && (unwrapped != timestamp || afterLoss)) {
      if (afterLoss) {
        frame.spoil("packets of it never came");
      }
      if (unwrapped != timestamp) {
        finish(sink);
      }
    }
    if (!open) {
      if (unwrapped == endedTimestamp) {
        markerWithinPictures = true;
      }
      begin(unwrapped, payload, afterLoss);
    }
    try {
      format.read(payload, frame);
    } catch (MalformedPacket e) {
      frame.spoil(String.valueOf(e.getMessage()));
    }
    if (packet.marker() && !markerWithinPictures) {
      finish(sink);
    }
  }

  private void begin(long unwrapped, ByteBuffer payload, boolean afterLoss) {
    open = true;
    timestamp = unwrapped;
    frame.reset();
    firstOfFrame = format.firstType(payload);
    beginningUnsure = afterLoss;
    if (firstOfFrame < 0 || (afterLoss && !format.beginsPicture(payload))) {
      frame.spoil("its beginning never came");
    }
  }

  private void finish(Sink sink) {
    open = false;
    endedTimestamp = timestamp;
    String fault = frame.fault();
    if (fault == null && frame.size() == 0) {
      return;
    }
    if (fault != null) {
      sink.dropped(timestamp, fault);
      return;
    }
    ByteBuffer data = frame.take();
    boolean keyframe = format.isKeyframe(data);
    int usual = keyframe ? firstOfKeyframes : firstOfOthers;
    if (beginningUnsure && usual != firstOfFrame) {
      // Frames may begin with parameter sets, a delimiter or such; if so it was lost.
      sink.dropped(timestamp, "its beginning never came");
      return;
    }
    if (!beginningUnsure) {
      if (keyframe) {
        firstOfKeyframes = firstOfFrame;
      } else {
        firstOfOthers = firstOfFrame;
      }
    }
    sink.unit(new AccessUnit(timestamp, keyframe, data));
  }

  @Override
  public void flush(Sink sink) {
    if (open) {
      finish(sink);
    }
  }
}
