package io.millrace.ingest.rtp.payload;

import io.millrace.ingest.rtp.packet.MalformedPacket;
import io.millrace.ingest.rtp.packet.RtpPacket;
import io.millrace.ingest.rtp.payload.layout.FrameBuilder;
import io.millrace.ingest.rtp.payload.layout.FrameLayout;
import java.nio.ByteBuffer;

/**
 * Puts frames of VP8, VP9 and AV1 together. A marker ends a frame, and so does another timestamp.
 * After a loss a frame counts only when its first packet says that it is the first.
 */
final class FrameDepacketizer implements Depacketizer {
  private final FrameLayout layout;
  private final FrameBuilder frame;
  private boolean open;
  private long timestamp;

  /** Packets were lost, or none ever came, and none with content came since. */
  private boolean lossBefore = true;

  private boolean endsWithoutMarker;

  FrameDepacketizer(FrameLayout layout, DepacketizerSettings settings) {
    this.layout = layout;
    frame = new FrameBuilder(settings.maxFrameBytes(), settings.maxUnits());
  }

  @Override
  public void packet(RtpPacket packet, long unwrapped, boolean afterLoss, Sink sink) {
    ByteBuffer payload = packet.payload();
    lossBefore |= afterLoss;
    if (!payload.hasRemaining()) {
      return;
    }
    if (open && lossBefore) {
      frame.spoil("packets of it never came");
    }
    if (open && unwrapped != timestamp) {
      endsWithoutMarker = frame.fault() == null;
      finish(sink);
    }
    if (!open) {
      open = true;
      timestamp = unwrapped;
      frame.reset();
      layout.begin();
      if (lossBefore && !layout.isFirst(payload)) {
        frame.spoil(FrameLayout.BEGINNING_LOST);
      }
    }
    lossBefore = false;
    if (frame.fault() == null) {
      try {
        layout.read(payload, frame);
      } catch (MalformedPacket e) {
        frame.spoil(String.valueOf(e.getMessage()));
      }
    }
    if (packet.marker()) {
      endsWithoutMarker = false;
      finish(sink);
    }
  }

  private void finish(Sink sink) {
    open = false;
    if (frame.fault() == null) {
      try {
        layout.end(frame);
      } catch (MalformedPacket e) {
        frame.spoil(String.valueOf(e.getMessage()));
      }
    }
    String fault = frame.fault();
    if (fault != null) {
      sink.dropped(timestamp, fault);
    } else if (frame.size() > 0) {
      ByteBuffer data = frame.view();
      sink.unit(new AccessUnit(timestamp, layout.isKeyframe(data), data));
    }
  }

  @Override
  public void flush(Sink sink) {
    if (open) {
      if (!endsWithoutMarker) {
        frame.spoil("the source ended within it");
      }
      finish(sink);
    }
  }
}
