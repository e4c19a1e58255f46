package io.millrace.ingest.rtsp.server;

import io.millrace.ingest.rtsp.message.TransportHeader;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.nio.ByteBuffer;

/** Packets between the messages of the connection (RFC 2326 section 10.12). */
final class InterleavedTransport implements MediaTransport {
  private static final int HEAD_BYTES = 4;
  private static final int ROOM_BYTES = 16 << 10;

  private final NetSocket socket;
  private final TransportHeader.Pair channels;
  private final boolean record;
  private final RtspMetrics metrics;
  private final Receiver receiver;
  private Buffer unsent = Buffer.buffer();

  InterleavedTransport(
      NetSocket socket,
      TransportHeader.Pair channels,
      boolean record,
      RtspMetrics metrics,
      Receiver receiver) {
    this.socket = socket;
    this.channels = channels;
    this.record = record;
    this.metrics = metrics;
    this.receiver = receiver;
  }

  /** Whether a packet of this channel is of this track; takes it then. */
  boolean packet(int channel, ByteBuffer packet) {
    if (channel == channels.rtp()) {
      receiver.rtp(packet);
      return true;
    }
    if (channel == channels.rtcp()) {
      receiver.rtcp(packet);
      return true;
    }
    return false;
  }

  boolean uses(TransportHeader.Pair others) {
    return channels.rtp() == others.rtp()
        || channels.rtp() == others.rtcp()
        || channels.rtcp() == others.rtp()
        || channels.rtcp() == others.rtcp();
  }

  @Override
  public TransportHeader header() {
    return TransportHeader.interleaved(record, channels);
  }

  @Override
  public boolean ordered() {
    return true;
  }

  @Override
  public void sendRtp(ByteBuffer packet) {
    append(channels.rtp(), packet);
  }

  /** Who does not read gets no more reports: the next one says as much. */
  @Override
  public void sendRtcp(ByteBuffer compound) {
    if (!socket.writeQueueFull()) {
      append(channels.rtcp(), compound);
    }
  }

  private void append(int channel, ByteBuffer packet) {
    int length = packet.remaining();
    if (unsent.length() == 0) {
      unsent = Buffer.buffer(Math.max(ROOM_BYTES, HEAD_BYTES + length));
    }
    unsent.appendByte((byte) '$').appendByte((byte) channel).appendUnsignedShort(length);
    if (packet.hasArray()) {
      unsent.appendBytes(packet.array(), packet.arrayOffset() + packet.position(), length);
    } else {
      byte[] bytes = new byte[length];
      packet.duplicate().get(bytes);
      unsent.appendBytes(bytes);
    }
    metrics.packetsSent.increment();
    metrics.bytesSent.add(length);
  }

  @Override
  public Future<Void> flush() {
    if (unsent.length() > 0) {
      Buffer whole = unsent;
      unsent = Buffer.buffer();
      var unused = socket.write(whole);
    }
    if (!socket.writeQueueFull()) {
      return Future.succeededFuture();
    }
    Promise<Void> room = Promise.promise();
    socket.drainHandler(drained -> room.tryComplete());
    return room.future();
  }

  @Override
  public void drain() {
    // Packets and requests come by the same connection.
  }

  @Override
  public void close() {
    unsent = Buffer.buffer();
  }
}
