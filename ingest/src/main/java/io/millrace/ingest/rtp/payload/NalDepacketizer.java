package io.millrace.ingest.rtp.payload;

import io.millrace.ingest.rtp.packet.MalformedPacket;
import io.millrace.ingest.rtp.packet.RtpPacket;
import io.millrace.ingest.rtp.payload.layout.FrameBuilder;
import io.millrace.ingest.rtp.payload.layout.NalLayout;
import java.nio.ByteBuffer;

/**
 * Puts access units of H.264 and H.265 together. A marker ends a picture, and so does another
 * timestamp. Some sources set the marker on every slice: what follows the first of those is
 * dropped, and from then on the marker of that source is not believed. Parameter sets with a
 * timestamp of their own belong to the picture behind them.
 */
final class NalDepacketizer implements Depacketizer {
  private static final String BEGINNING_LOST = "its beginning never came";

  private final NalLayout layout;
  private final FrameBuilder frame;
  private boolean open;
  private long timestamp;
  private boolean marked;

  /** Packets were lost and none with content came since. */
  private boolean lossBefore;

  private boolean started;

  private boolean beginningUnsure;
  private int rankOfFrame;

  private boolean markerWithinPictures;
  private boolean endsWithoutMarker;

  /** Timestamp of the picture that a marker ended last. */
  private long endedTimestamp = Long.MIN_VALUE;

  /** Lowest rank with which whole frames began, keyframes and others; -1 until one did. */
  private final int[] lowestRank = {-1, -1};

  NalDepacketizer(NalLayout layout, DepacketizerSettings settings) {
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
      nextTimestamp(unwrapped, sink);
    }
    int rank = layout.rank(payload);
    boolean ofSlice = rank < 0 || rank == NalLayout.SLICE_RANK;
    if (open && marked && ofSlice) {
      markerWithinPictures = true;
    }
    if (!open) {
      begin(unwrapped, rank, payload);
      if (ofSlice && unwrapped == endedTimestamp) {
        markerWithinPictures = true;
        frame.spoil("the marker was set within its picture");
      }
    }
    lossBefore = false;
    try {
      layout.read(payload, frame);
    } catch (MalformedPacket e) {
      frame.spoil(String.valueOf(e.getMessage()));
    }
    if (packet.marker() && (frame.fault() != null || hasPicture())) {
      marked = true;
      if (!markerWithinPictures) {
        endedTimestamp = timestamp;
        finish(sink);
      }
    }
  }

  private boolean hasPicture() {
    return (layout.contents(frame.view()) & NalLayout.SLICE) != 0;
  }

  private void begin(long unwrapped, int rank, ByteBuffer payload) {
    open = true;
    marked = false;
    timestamp = unwrapped;
    frame.reset();
    rankOfFrame = rank;
    beginningUnsure = lossBefore;
    if (rank < 0 || ((lossBefore || !started) && !layout.beginsPicture(payload))) {
      frame.spoil(BEGINNING_LOST);
    }
    started = true;
  }

  private void nextTimestamp(long unwrapped, Sink sink) {
    if (frame.fault() == null && !hasPicture()) {
      timestamp = unwrapped;
      return;
    }
    endsWithoutMarker = !marked;
    finish(sink);
  }

  private void finish(Sink sink) {
    open = false;
    String fault = frame.fault();
    if (fault != null) {
      sink.dropped(timestamp, fault);
      return;
    }
    ByteBuffer data = frame.view();
    int contents = layout.contents(data);
    // A recovery point may be what was lost, so pictures that could have one count as keyframes.
    int kind = (contents & (NalLayout.KEY | NalLayout.INTRA)) != 0 ? 0 : 1;
    if (beginningUnsure && rankOfFrame > lowestRank[kind]) {
      // Frames of this source begin with a delimiter, parameter sets or such: those were lost.
      sink.dropped(timestamp, BEGINNING_LOST);
      return;
    }
    if (!beginningUnsure && (lowestRank[kind] < 0 || rankOfFrame < lowestRank[kind])) {
      lowestRank[kind] = rankOfFrame;
    }
    sink.unit(new AccessUnit(timestamp, (contents & NalLayout.KEY) != 0, data));
  }

  @Override
  public void flush(Sink sink) {
    if (!open) {
      return;
    }
    if (frame.fault() == null && !hasPicture()) {
      open = false;
      return;
    }
    if (!marked && !endsWithoutMarker) {
      frame.spoil("the source ended within it");
    }
    endedTimestamp = timestamp;
    finish(sink);
  }
}
