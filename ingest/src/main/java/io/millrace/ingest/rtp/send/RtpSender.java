package io.millrace.ingest.rtp.send;

import io.millrace.ingest.rtp.packet.NtpTime;
import io.millrace.ingest.rtp.packet.RtcpPacket;
import io.millrace.ingest.rtp.payload.Packetizer;
import io.millrace.ingest.rtp.payload.PayloadFormats;
import io.millrace.media.av1.Av1Config;
import io.millrace.media.bits.NalUnits;
import io.millrace.media.codec.Codec;
import io.millrace.media.codec.InBandSetup;
import io.millrace.media.h264.AvcConfig;
import io.millrace.media.h265.HevcConfig;
import io.millrace.media.track.CodecPrivateData;
import io.millrace.media.track.MediaException;
import io.millrace.media.track.Track;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Sends the frames of one track: RTP timestamps follow capture times, and sender reports tie them
 * to NTP. Keyframes without decoder setup get that of the track. Not thread-safe.
 */
public final class RtpSender {
  /** Takes packets. */
  @FunctionalInterface
  public interface Sink {
    /**
     * @param packet whole RTP packet, valid during the call only
     */
    void packet(ByteBuffer packet);
  }

  private static final int HEADER_BYTES = 12;
  private static final int REPLAY_BYTES = 16;
  private static final int REPLAY_PROFILE = 0xabac;

  private final Sink sink;
  private final int payloadType;
  private final int maxPayloadBytes;
  private final int clockRate;
  private final int ssrc;
  private final byte[] packet;
  private final boolean replayExtension;
  private Track track;
  private Packetizer packetizer;
  private int sequence;
  private final long firstTimestamp;
  private long firstNanos = Long.MIN_VALUE;
  private long lastNanos;
  private long packets;
  private long octets;

  /**
   * @param track its codec stays the same; its setup may change with the frames
   * @param payloadType as in the session description
   * @param clockRate as there
   * @param maxPacketBytes of one RTP packet, header included; a frame of Opus or G.711 is one
   *     packet
   * @param replayExtension whether packets carry the ONVIF replay extension (ONVIF Streaming
   *     Specification section 6.3)
   * @param random makes SSRC, first sequence number and first timestamp
   * @throws IllegalArgumentException if the track cannot be sent
   */
  public RtpSender(
      Track track,
      int payloadType,
      int clockRate,
      int maxPacketBytes,
      boolean replayExtension,
      RandomGenerator random,
      Sink sink) {
    this.track = track;
    this.payloadType = payloadType;
    this.clockRate = clockRate;
    this.replayExtension = replayExtension;
    this.sink = sink;
    maxPayloadBytes = maxPacketBytes - headerBytes();
    packetizer = PayloadFormats.packetizer(track, maxPayloadBytes);
    ssrc = random.nextInt();
    sequence = random.nextInt(1 << 16);
    firstTimestamp = random.nextInt() & 0xffff_ffffL;
    packet = new byte[Math.max(maxPacketBytes, 2048)];
  }

  private int headerBytes() {
    return HEADER_BYTES + (replayExtension ? REPLAY_BYTES : 0);
  }

  /** Source of the packets. */
  public int ssrc() {
    return ssrc;
  }

  /** Sequence number of the next packet, for RTP-Info. */
  public int nextSequence() {
    return sequence;
  }

  /** RTP timestamp of a capture time, for RTP-Info; the first asked for or sent sets the scale. */
  public long timestamp(long captureNanos) {
    if (firstNanos == Long.MIN_VALUE) {
      firstNanos = captureNanos;
    }
    double ticks = (captureNanos - firstNanos) / 1e9 * clockRate;
    return (firstTimestamp + Math.round(ticks)) & 0xffff_ffffL;
  }

  /**
   * Sends a frame.
   *
   * @param track of the frame: another instance than before when the setup changed
   * @param captureNanos epoch ns
   * @param discontinuity whether media is missing before it
   * @param data NAL units with 4-byte lengths, or what else Matroska keeps; borrowed
   */
  public void frame(
      Track track, long captureNanos, boolean keyframe, boolean discontinuity, ByteBuffer data) {
    this.track = track;
    long timestamp = timestamp(captureNanos);
    lastNanos = captureNanos;
    ByteBuffer whole = keyframe ? withSets(data) : data;
    packetizer.frame(
        whole,
        keyframe,
        (payload, marker) -> send(payload, marker, timestamp, keyframe, discontinuity));
  }

  /** The frame with the parameter sets of its track where it has none itself. */
  private ByteBuffer withSets(ByteBuffer data) {
    Codec codec = Codec.of(track);
    if (codec != Codec.H264 && codec != Codec.H265 && codec != Codec.AV1) {
      return data;
    }
    try {
      Track bare = track.withCodecPrivate(CodecPrivateData.EMPTY);
      if (!InBandSetup.apply(bare, data).codecPrivate().isEmpty()) {
        return data;
      }
      ByteBuffer sets = sets(codec);
      return ByteBuffer.allocate(sets.remaining() + data.remaining())
          .put(sets)
          .put(data.duplicate())
          .flip();
    } catch (MediaException e) {
      return data;
    }
  }

  /** The decoder setup of the track in the form of its frames. */
  private ByteBuffer sets(Codec codec) throws MediaException {
    ByteBuffer setup = track.codecPrivate().view();
    if (codec == Codec.AV1) {
      return Av1Config.parse(setup).configObus().duplicate();
    }
    List<ByteBuffer> units = new ArrayList<>();
    if (codec == Codec.H264) {
      AvcConfig config = AvcConfig.parse(setup);
      units.addAll(config.sps());
      units.addAll(config.pps());
    } else {
      HevcConfig config = HevcConfig.parse(setup);
      units.addAll(config.vps());
      units.addAll(config.sps());
      units.addAll(config.pps());
    }
    return NalUnits.joinLengthPrefixed(units);
  }

  private void send(
      ByteBuffer payload, boolean marker, long timestamp, boolean keyframe, boolean gap) {
    int size = headerBytes() + payload.remaining();
    byte[] into = size <= packet.length ? packet : new byte[size];
    ByteBuffer out = ByteBuffer.wrap(into);
    out.put((byte) (replayExtension ? 0x90 : 0x80))
        .put((byte) ((marker ? 0x80 : 0) | payloadType))
        .putShort((short) sequence)
        .putInt((int) timestamp)
        .putInt(ssrc);
    if (replayExtension) {
      out.putShort((short) REPLAY_PROFILE)
          .putShort((short) 3)
          .putLong(NtpTime.ofEpochNanos(lastNanos))
          .put((byte) ((keyframe ? 0x80 : 0) | (gap ? 0x20 : 0)))
          .put((byte) 0)
          .putShort((short) 0);
    }
    octets += payload.remaining();
    packets++;
    sequence = (sequence + 1) & 0xffff;
    out.put(payload).flip();
    sink.packet(out);
  }

  /**
   * A compound of a sender report, which says when the newest frame was captured, and the source's
   * name; null before the first frame.
   */
  public byte @Nullable [] senderReport(String cname) {
    return packets == 0 ? null : RtcpPacket.bytes(report(), RtcpPacket.named(ssrc, cname));
  }

  /**
   * The same with a good-bye: nothing more comes (RFC 3550 section 6.6). Null before the first
   * frame: who never came does not leave.
   */
  public byte @Nullable [] goodbye(String cname) {
    return packets == 0
        ? null
        : RtcpPacket.bytes(
            report(), RtcpPacket.named(ssrc, cname), new RtcpPacket.Bye(List.of(ssrc), ""));
  }

  private RtcpPacket report() {
    return new RtcpPacket.SenderReport(
        ssrc,
        NtpTime.ofEpochNanos(lastNanos),
        timestamp(lastNanos),
        (int) packets,
        (int) octets,
        List.of());
  }
}
