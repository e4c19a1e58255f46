package io.millrace.ingest.webrtc.feedback;

import io.millrace.ingest.rtp.packet.RtcpPacket;
import java.util.List;

/**
 * The bandwidth that a sender without transport-wide feedback is allowed, as RTCP REMB
 * (draft-alvestrand-rmcat-remb-03): it climbs while packets arrive and falls when they get lost.
 * Not thread-safe.
 */
public final class BandwidthLimit {
  private static final double LOSS_TO_FALL = 0.1;
  private static final double LOSS_TO_CLIMB = 0.02;
  private static final double FALL = 0.85;
  private static final double CLIMB = 1.25;
  private static final double HEADROOM = 2;
  private static final long LEAST = 150_000;

  private final long mostBitsPerSecond;
  private long bitsPerSecond;

  /**
   * @param startBitsPerSecond where it begins
   * @param mostBitsPerSecond where it ends
   */
  public BandwidthLimit(long startBitsPerSecond, long mostBitsPerSecond) {
    this.mostBitsPerSecond = mostBitsPerSecond;
    bitsPerSecond = Math.min(startBitsPerSecond, mostBitsPerSecond);
  }

  /**
   * An interval went by.
   *
   * @param received bits a second that arrived in it
   * @param lossFraction of the packets expected, 0 to 1
   */
  public void interval(long received, double lossFraction) {
    if (lossFraction > LOSS_TO_FALL) {
      bitsPerSecond = Math.max(LEAST, (long) (FALL * (double) Math.min(bitsPerSecond, received)));
    } else if (lossFraction < LOSS_TO_CLIMB) {
      // Only as far as the sender follows, so that a burst does not find the door wide open.
      long reach = (long) Math.max(HEADROOM * (double) received, (double) bitsPerSecond);
      bitsPerSecond =
          Math.min(mostBitsPerSecond, Math.min((long) (CLIMB * (double) bitsPerSecond), reach));
    }
  }

  /** What is allowed now. */
  public long bitsPerSecond() {
    return bitsPerSecond;
  }

  /** The RTCP packet that says so to the sources. */
  public byte[] report(int senderSsrc, List<Integer> sources) {
    return RtcpPacket.bytes(new RtcpPacket.Remb(senderSsrc, bitsPerSecond, sources));
  }
}
