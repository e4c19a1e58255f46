package io.millrace.ingest.rtp.payload;

import io.millrace.ingest.rtp.packet.RtpPacket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Feeds a depacketizer by hand and keeps what it gives. */
final class Packets implements Depacketizer.Sink {
  private static final ByteBuffer NONE = ByteBuffer.allocate(0).asReadOnlyBuffer();

  final List<AccessUnit> units = new ArrayList<>();
  final List<String> dropped = new ArrayList<>();
  private final Depacketizer depacketizer;
  private boolean lossBefore;

  Packets(RtpFormat format) {
    this(format, DepacketizerSettings.defaults());
  }

  Packets(RtpFormat format, DepacketizerSettings settings) {
    depacketizer = PayloadFormats.depacketizer(format, settings);
  }

  @Override
  public void unit(AccessUnit unit) {
    units.add(kept(unit));
  }

  /** A frame of its own bytes. */
  static AccessUnit kept(AccessUnit unit) {
    byte[] bytes = new byte[unit.data().remaining()];
    unit.data().duplicate().get(bytes);
    return new AccessUnit(unit.timestamp(), unit.keyframe(), ByteBuffer.wrap(bytes));
  }

  @Override
  public void dropped(long timestamp, String reason) {
    dropped.add(timestamp + ": " + reason);
  }

  /** A packet with a marker. */
  Packets last(long timestamp, String hex) {
    return packet(true, timestamp, hex);
  }

  /** A packet without one. */
  Packets next(long timestamp, String hex) {
    return packet(false, timestamp, hex);
  }

  /** Something never came. */
  Packets lost() {
    lossBefore = true;
    return this;
  }

  Packets flush() {
    depacketizer.flush(this);
    return this;
  }

  /** A packet from a peer, whose timestamps do not wrap. */
  Packets packet(RtpPacket packet) {
    depacketizer.packet(packet, packet.timestamp(), false, this);
    return this;
  }

  private Packets packet(boolean marker, long timestamp, String hex) {
    ByteBuffer payload =
        ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", ""))).asReadOnlyBuffer();
    depacketizer.packet(
        new RtpPacket(marker, 96, 0, timestamp, 1, -1, NONE, payload), timestamp, lossBefore, this);
    lossBefore = false;
    return this;
  }

  /** What was given, as {@code timestamp[*] hex}, the star for keyframes. */
  List<String> given() {
    return units.stream()
        .map(
            unit -> {
              byte[] bytes = new byte[unit.data().remaining()];
              unit.data().duplicate().get(bytes);
              return unit.timestamp()
                  + (unit.keyframe() ? "* " : " ")
                  + HexFormat.of().formatHex(bytes);
            })
        .toList();
  }
}
