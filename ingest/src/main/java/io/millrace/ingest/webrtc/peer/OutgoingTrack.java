package io.millrace.ingest.webrtc.peer;

import io.millrace.ingest.outbound.FrameReading.OutFrame;
import io.millrace.ingest.rtp.packet.NtpTime;
import io.millrace.ingest.rtp.packet.RtcpPacket;
import io.millrace.ingest.rtp.payload.Packetizer;
import io.millrace.ingest.rtp.payload.PayloadFormats;
import io.millrace.ingest.webrtc.negotiation.HeaderExtension;
import io.millrace.ingest.webrtc.negotiation.MediaPlan;
import io.millrace.ingest.webrtc.srtp.SrtpSender;
import io.millrace.media.track.Track;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One track of a stream on its way to a viewer: frames in, RTP packets out. */
final class OutgoingTrack {
  static final int MAX_PAYLOAD_BYTES = 1160;
  private static final int HEADER_BYTES = 12;
  private static final int EXTENSION_BYTES = 8;
  private static final int ONE_BYTE_PROFILE = 0xbede;

  /** Between at once and 200 ms, in units of 10 ms: twelve bits each. */
  private static final int PLAYOUT_DELAY = 20;

  private final MediaPlan plan;
  private final MediaPath.Sender sender;
  private final PacketHistory history;
  private final long firstTimestamp;
  private int sequence;
  private long packets;
  private long octets;
  private @Nullable Track track;
  private @Nullable Packetizer packetizer;

  OutgoingTrack(
      MediaPlan plan, MediaPath.Sender sender, int historyPackets, RandomGenerator random) {
    this.plan = plan;
    this.sender = sender;
    history = new PacketHistory(historyPackets);
    firstTimestamp = random.nextInt() & 0xffffffffL;
    // The upper half is left free, so that the first wrap is far away.
    sequence = random.nextInt(1 << 15);
  }

  MediaPlan plan() {
    return plan;
  }

  /** Sends a frame. */
  void send(OutFrame frame, long presentationNanos) {
    if (packetizer == null || !frame.track().equals(track)) {
      track = frame.track();
      packetizer = PayloadFormats.packetizer(track, MAX_PAYLOAD_BYTES);
    }
    int timestamp = timestamp(presentationNanos);
    Integer delay =
        frame.keyframe() && plan.isVideo()
            ? plan.extensions().get(HeaderExtension.PLAYOUT_DELAY)
            : null;
    packetizer.frame(
        OutgoingFormats.inBand(frame),
        frame.keyframe(),
        (payload, marker) -> send(payload, marker, timestamp, delay == null ? 0 : delay));
  }

  private void send(ByteBuffer payload, boolean marker, int timestamp, int delayExtension) {
    int header = HEADER_BYTES + (delayExtension > 0 ? EXTENSION_BYTES : 0);
    int length = header + payload.remaining();
    byte[] packet = new byte[length + SrtpSender.TRAILER_BYTES];
    ByteBuffer out = ByteBuffer.wrap(packet);
    out.put((byte) (delayExtension > 0 ? 0x90 : 0x80));
    out.put((byte) (plan.format().payloadType() | (marker ? 0x80 : 0)));
    out.putShort((short) sequence).putInt(timestamp).putInt(plan.ownSource());
    if (delayExtension > 0) {
      out.putShort((short) ONE_BYTE_PROFILE).putShort((short) 1);
      out.put((byte) ((delayExtension << 4) | 2)).put((byte) 0).putShort((short) PLAYOUT_DELAY);
    }
    packets++;
    octets += payload.remaining();
    out.put(payload);
    int whole = sender.rtp(packet, length);
    if (plan.nack()) {
      history.add(sequence, packet, whole);
    }
    sequence = (sequence + 1) & 0xffff;
  }

  private int timestamp(long presentationNanos) {
    // Whole seconds first: a day of nanoseconds times 90,000 does not fit into 64 bits.
    long seconds = Math.floorDiv(presentationNanos, 1_000_000_000L);
    long rest = Math.floorMod(presentationNanos, 1_000_000_000L);
    long scaled =
        seconds * plan.format().clockRate() + rest * plan.format().clockRate() / 1_000_000_000L;
    return (int) (firstTimestamp + scaled);
  }

  /** Sends a packet again; false when it is gone. */
  boolean resend(int wanted) {
    return history.resend(wanted, sender);
  }

  /** Whether packets were sent. */
  boolean began() {
    return packets > 0;
  }

  /**
   * A sender report: which RTP time is now.
   *
   * @param epochNanos now
   * @param presentationNanos now on the timeline of the viewer
   */
  RtcpPacket senderReport(long epochNanos, long presentationNanos) {
    return new RtcpPacket.SenderReport(
        plan.ownSource(),
        NtpTime.ofEpochNanos(epochNanos),
        Integer.toUnsignedLong(timestamp(presentationNanos)),
        (int) packets,
        (int) octets,
        List.of());
  }
}
