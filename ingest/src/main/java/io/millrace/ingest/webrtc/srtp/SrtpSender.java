package io.millrace.ingest.webrtc.srtp;

import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.Map;

/** Protects what we send. Not thread-safe. */
public final class SrtpSender {
  /** Room that must be free behind a packet. */
  public static final int TRAILER_BYTES = 20;

  private static final int RTCP_INDEX_MASK = 0x7fffffff;

  private final SrtpCipher cipher;
  private final Map<Integer, Source> sources = new HashMap<>();
  private int rtcpIndex;

  private static final class Source {
    long rollover;
    int last = -1;
  }

  public SrtpSender(SrtpKeys keys) {
    this.cipher = SrtpCipher.of(keys);
  }

  /**
   * Protects an RTP packet where it lies. Sequence numbers of a source go up; an older packet may
   * be sent again only as the very bytes that were protected the first time.
   *
   * @param bytes the packet from offset 0, with {@link #TRAILER_BYTES} free behind it
   * @return length of the SRTP packet
   */
  public int rtp(byte[] bytes, int length) {
    int payloadAt = RtpLayout.payloadAt(bytes, length);
    if (payloadAt < 0) {
      throw new IllegalArgumentException("no RTP packet");
    }
    int ssrc = Words.get(bytes, 8);
    int sequence = Words.uint16(bytes, 2);
    Source source = sources.computeIfAbsent(ssrc, each -> new Source());
    if (sequence < source.last) {
      source.rollover++;
    }
    source.last = sequence;
    try {
      return cipher.protectRtp(bytes, length, payloadAt, ssrc, (source.rollover << 16) | sequence);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("could not protect a packet", e);
    }
  }

  /** Protects an RTCP packet where it lies; as {@link #rtp}. */
  public int rtcp(byte[] bytes, int length) {
    rtcpIndex = (rtcpIndex + 1) & RTCP_INDEX_MASK;
    try {
      return cipher.protectRtcp(bytes, length, Words.get(bytes, 4), rtcpIndex);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("could not protect a packet", e);
    }
  }
}
