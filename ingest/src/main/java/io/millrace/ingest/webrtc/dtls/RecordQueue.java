package io.millrace.ingest.webrtc.dtls;

import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.tls.DatagramTransport;

/**
 * Datagrams between the event loop that receives them and the thread of the handshake. Closing it
 * ends a wait. Thread-safe.
 */
final class RecordQueue implements DatagramTransport {
  /** Records that fit every path (RFC 8445 asks nothing, IPv6 promises 1,280). */
  private static final int SEND_BYTES = 1200;

  private static final int RECEIVE_BYTES = 8192;
  private static final int ALERT = 21;
  private static final byte[] END = new byte[0];

  private final BlockingQueue<byte[]> received;
  private final int maxMessageBytes;
  private final DtlsSession.RecordSender sender;
  private volatile boolean closed;
  private volatile boolean mayAlert = true;

  RecordQueue(DtlsSettings settings, DtlsSession.RecordSender sender) {
    received = new ArrayBlockingQueue<>(settings.maxQueuedRecords());
    maxMessageBytes = settings.maxMessageBytes();
    this.sender = sender;
  }

  /**
   * Adds a datagram, without alerts that anybody may have written; drops it when too many wait, as
   * the network may, too, or when it is of a larger message than a handshake has.
   */
  boolean offer(byte[] datagram) {
    byte[] kept = HandshakeMessages.withoutAlerts(datagram);
    return kept.length > 0 && HandshakeMessages.fit(kept, maxMessageBytes) && received.offer(kept);
  }

  /** Whether alerts are sent; what the library makes of another's forgery is not told the peer. */
  void mayAlert(boolean may) {
    mayAlert = may;
  }

  @Override
  public int getReceiveLimit() {
    return RECEIVE_BYTES;
  }

  @Override
  public int getSendLimit() {
    return SEND_BYTES;
  }

  @Override
  public int receive(byte[] buffer, int offset, int length, int waitMillis) throws IOException {
    try {
      byte[] next =
          waitMillis == 0 ? received.take() : received.poll(waitMillis, TimeUnit.MILLISECONDS);
      if (closed) {
        throw new IOException("closed");
      }
      if (next == null) {
        return -1;
      }
      int taken = Math.min(length, next.length);
      System.arraycopy(next, 0, buffer, offset, taken);
      return taken;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void send(byte[] buffer, int offset, int length) {
    if (buffer[offset] == ALERT && !mayAlert) {
      return;
    }
    byte[] record = new byte[length];
    System.arraycopy(buffer, offset, record, 0, length);
    sender.send(record);
  }

  @Override
  public void close() {
    closed = true;
    received.clear();
    var unused = received.offer(END);
  }
}
