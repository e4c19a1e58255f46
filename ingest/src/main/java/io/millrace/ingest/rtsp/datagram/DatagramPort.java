package io.millrace.ingest.rtsp.datagram;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Selector;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One open UDP port. Thread-safe. */
public final class DatagramPort {
  private static final Logger LOG = LoggerFactory.getLogger(DatagramPort.class);

  private static final int MAX_DATAGRAM = 65_535;

  /** Of whoever sends without end not everything is waited for. */
  private static final int MAX_DRAINED = 4096;

  private final DatagramChannel channel;
  private final Selector selector;
  private final DatagramQueue queue;
  private final Predicate<InetSocketAddress> accepted;

  DatagramPort(
      DatagramChannel channel,
      Selector selector,
      DatagramQueue queue,
      Predicate<InetSocketAddress> accepted) {
    this.channel = channel;
    this.selector = selector;
    this.queue = queue;
    this.accepted = accepted;
  }

  /** Where it is bound to. */
  public InetSocketAddress local() throws IOException {
    return (InetSocketAddress) channel.getLocalAddress();
  }

  /** Hands on what has come, at most so many. */
  void read(ByteBuffer buffer, int most) {
    receive(buffer, most);
    queue.flush();
  }

  private synchronized void receive(ByteBuffer buffer, int most) {
    try {
      for (int i = 0; i < most && channel.isOpen(); i++) {
        buffer.clear();
        InetSocketAddress from = (InetSocketAddress) channel.receive(buffer);
        if (from == null) {
          break;
        }
        if (accepted.test(from)) {
          byte[] packet = new byte[buffer.flip().remaining()];
          buffer.get(packet);
          queue.add(packet);
        }
      }
    } catch (IOException e) {
      // Closed meanwhile, or the system reports an earlier datagram's error here.
      LOG.debug("event=datagram_not_received message=\"{}\"", e.getMessage());
    }
  }

  /** Hands on at once what has come until now; only on the context. */
  public void drain() {
    receive(ByteBuffer.allocate(MAX_DATAGRAM), MAX_DRAINED);
    queue.drain();
  }

  /**
   * Sends a datagram; one that the network does not take now is one that is lost.
   *
   * @param packet from position to limit; borrowed
   */
  public void send(ByteBuffer packet, InetSocketAddress to) {
    try {
      channel.send(packet.duplicate(), to);
    } catch (IOException e) {
      LOG.debug("event=datagram_not_sent message=\"{}\"", e.getMessage());
    }
  }

  /** Lets go of it; what still waits is not handed on. */
  public void close() {
    queue.close();
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("event=datagram_port_not_closed message=\"{}\"", e.getMessage());
    }
    // The system's socket is closed by the thread that reads.
    selector.wakeup();
  }
}
