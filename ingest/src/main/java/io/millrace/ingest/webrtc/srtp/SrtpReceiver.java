package io.millrace.ingest.webrtc.srtp;

import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Opens what the other side protected: packets that were forged, altered, seen before or are too
 * old are told apart from good ones and change nothing. Not thread-safe.
 */
public final class SrtpReceiver {
  /** A packet that is not genuine, or was seen before. */
  public static final int REFUSED = -1;

  private static final int HALF = 0x8000;

  private final SrtpCipher cipher;
  private final int maxSources;
  private final Map<Integer, Source> rtp = new HashMap<>();
  private final Map<Integer, ReplayWindow> rtcp = new HashMap<>();

  private static final class Source {
    final ReplayWindow window = new ReplayWindow();
    long rollover;
    int highest = -1;
  }

  /**
   * @param maxSources most synchronization sources of one peer; packets of further ones are refused
   */
  public SrtpReceiver(SrtpKeys keys, int maxSources) {
    this.cipher = SrtpCipher.of(keys);
    this.maxSources = maxSources;
  }

  /**
   * Opens an SRTP packet where it lies.
   *
   * @param bytes the packet from offset 0; its contents are of no use when it is refused
   * @return length of the RTP packet, or {@link #REFUSED}
   */
  public int rtp(byte[] bytes, int length) {
    int payloadAt = RtpLayout.payloadAt(bytes, length);
    if (payloadAt < 0) {
      return REFUSED;
    }
    int ssrc = Words.get(bytes, 8);
    int sequence = Words.uint16(bytes, 2);
    @Nullable Source known = rtp.get(ssrc);
    if (known == null && rtp.size() >= maxSources) {
      return REFUSED;
    }
    Source source = known == null ? new Source() : known;
    long index = index(source, sequence);
    if (index < 0 || !source.window.isNew(index)) {
      return REFUSED;
    }
    try {
      int plain = cipher.unprotectRtp(bytes, length, payloadAt, ssrc, index);
      if (plain < 0) {
        return REFUSED;
      }
      accept(source, index);
      if (known == null) {
        // A source takes a place only once it proved that it knows the key.
        rtp.put(ssrc, source);
      }
      return plain;
    } catch (GeneralSecurityException e) {
      return REFUSED;
    }
  }

  /** The 48-bit index that is nearest to the newest one (RFC 3711 section 3.3.1). */
  private static long index(Source source, int sequence) {
    if (source.highest < 0) {
      return sequence;
    }
    long rollover = source.rollover;
    if (source.highest < HALF && sequence - source.highest > HALF) {
      rollover--;
    } else if (source.highest >= HALF && source.highest - HALF > sequence) {
      rollover++;
    }
    return (rollover << 16) | sequence;
  }

  private static void accept(Source source, long index) {
    source.window.see(index);
    if (source.highest < 0 || index > ((source.rollover << 16) | source.highest)) {
      source.rollover = index >>> 16;
      source.highest = (int) index & 0xffff;
    }
  }

  /**
   * Opens an SRTCP packet where it lies.
   *
   * @return length of the RTCP packet, or {@link #REFUSED}
   */
  public int rtcp(byte[] bytes, int length) {
    int index = cipher.rtcpIndex(bytes, length);
    if (index < 0) {
      return REFUSED;
    }
    int ssrc = Words.get(bytes, 4);
    @Nullable ReplayWindow known = rtcp.get(ssrc);
    if (known == null ? rtcp.size() >= maxSources : !known.isNew(index)) {
      return REFUSED;
    }
    try {
      int plain = cipher.unprotectRtcp(bytes, length, ssrc);
      if (plain < 0) {
        return REFUSED;
      }
      rtcp.computeIfAbsent(ssrc, each -> new ReplayWindow()).see(index);
      return plain;
    } catch (GeneralSecurityException e) {
      return REFUSED;
    }
  }
}
