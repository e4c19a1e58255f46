package io.millrace.ingest.webrtc.peer;

import io.millrace.ingest.outbound.FrameReading.OutFrame;
import io.millrace.ingest.rtp.packet.RtcpPacket;
import io.millrace.ingest.rtp.payload.PayloadFormats;
import io.millrace.ingest.webrtc.negotiation.MediaPlan;
import io.millrace.media.opus.OpusConfig;
import io.millrace.media.track.Track;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What a master hears, on its way there: Opus packets one behind the other while somebody talks,
 * with pauses between. Not thread-safe.
 */
final class MasterEar {
  /** Packets come in bursts where the master's do; a longer silence is one. */
  private static final long PAUSE_NANOS = 1_000_000_000L;

  private final OutgoingTrack out;
  private final MediaPath.Sender sender;
  private final Track track;
  private long beganNanos;
  private long sentNanos;

  /** When the next packet is to be heard, on a time line that begins with the first. */
  private long nextNanos;

  MasterEar(MediaPlan plan, MediaPath.Sender sender, RandomGenerator random) {
    out = new OutgoingTrack(plan, sender, 0, random);
    this.sender = sender;
    track = PayloadFormats.track(1, plan.format());
  }

  /**
   * Sends a packet.
   *
   * @param nowNanos on the clock of {@link System#nanoTime}
   */
  void hear(ByteBuffer opus, long nowNanos) {
    if (!out.began()) {
      beganNanos = nowNanos;
    } else if (nowNanos - sentNanos > PAUSE_NANOS) {
      nextNanos = Math.max(nextNanos, nowNanos - beganNanos);
    }
    sentNanos = nowNanos;
    out.send(new OutFrame(track, nextNanos, true, false, opus), nextNanos);
    nextNanos += OpusConfig.samples(opus) * 1_000_000_000L / OpusConfig.SAMPLING_HZ;
  }

  /** Reports what was sent, if anything was. */
  void report(long epochNanos, long nowNanos) {
    if (out.began()) {
      RtcpPacket report = out.senderReport(epochNanos, nextNanos + nowNanos - sentNanos);
      sender.rtcp(RtcpPacket.bytes(report, named()));
    }
  }

  /** Tells the master that nothing more comes (RFC 3550 section 6.6). */
  void leave() {
    if (out.began()) {
      int source = out.plan().ownSource();
      sender.rtcp(
          RtcpPacket.bytes(
              new RtcpPacket.ReceiverReport(source, List.of()),
              named(),
              new RtcpPacket.Bye(List.of(source), "")));
    }
  }

  private RtcpPacket named() {
    return RtcpPacket.named(out.plan().ownSource(), RtcpPacket.OWN_NAME);
  }
}
