package io.millrace.ingest.webrtc.transport;

import io.millrace.ingest.webrtc.metrics.WebRtcMetrics;
import io.millrace.ingest.webrtc.stun.StunMessage;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One connection of a peer: cuts the bytes into packets. Belongs to the connection's loop. */
final class TcpConnection implements Route {
  private static final int LENGTH_BYTES = 2;

  private final NetSocket socket;
  private final InetSocketAddress remote;
  private final PeerTable peers;
  private final WebRtcMetrics metrics;
  private final byte[] head = new byte[LENGTH_BYTES];
  private int headFilled;
  private byte @Nullable [] packet;
  private int packetFilled;
  private @Nullable Inbox inbox;

  TcpConnection(
      NetSocket socket, InetSocketAddress remote, PeerTable peers, WebRtcMetrics metrics) {
    this.socket = socket;
    this.remote = remote;
    this.peers = peers;
    this.metrics = metrics;
  }

  boolean isClaimed() {
    return inbox != null;
  }

  void bytes(Buffer buffer) {
    boolean flush = false;
    int at = 0;
    while (at < buffer.length()) {
      if (packet == null) {
        head[headFilled++] = buffer.getByte(at++);
        if (headFilled < LENGTH_BYTES) {
          continue;
        }
        headFilled = 0;
        packet = new byte[((head[0] & 0xff) << 8) | (head[1] & 0xff)];
        packetFilled = 0;
      }
      int take = Math.min(packet.length - packetFilled, buffer.length() - at);
      buffer.getBytes(at, at + take, packet, packetFilled);
      at += take;
      packetFilled += take;
      if (packetFilled == packet.length) {
        byte[] whole = packet;
        packet = null;
        if (!claimed(whole)) {
          var unused = socket.close();
          return;
        }
        flush |= deliver(whole);
      }
    }
    if (flush && inbox != null) {
      inbox.flush();
    }
  }

  private boolean claimed(byte[] first) {
    if (inbox == null && StunMessage.isStun(first)) {
      inbox = peers.find(remote, ByteBuffer.wrap(first));
    }
    if (inbox == null) {
      metrics.strayPackets.increment();
    }
    return inbox != null;
  }

  private boolean deliver(byte[] whole) {
    metrics.packets.increment();
    metrics.bytes.add(whole.length);
    return inbox != null && inbox.offer(this, whole);
  }

  @Override
  public InetSocketAddress remote() {
    return remote;
  }

  @Override
  public boolean isTcp() {
    return true;
  }

  @Override
  public void send(byte[] bytes, int length) {
    if (socket.writeQueueFull()) {
      metrics.unsentPackets.increment();
      return;
    }
    var unused =
        socket.write(
            Buffer.buffer(LENGTH_BYTES + length)
                .appendUnsignedShort(length)
                .appendBytes(bytes, 0, length));
  }

  @Override
  public void close() {
    var unused = socket.close();
  }
}
