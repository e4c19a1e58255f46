package io.millrace.ingest.webrtc.transport;

import io.millrace.ingest.webrtc.metrics.WebRtcMetrics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one UDP port of all peers. A thread of its own reads datagrams in batches and puts each into
 * its peer's inbox; sending happens on whatever thread sends. Thread-safe.
 */
public final class UdpPort implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(UdpPort.class);
  private static final int MAX_DATAGRAM = 65_535;
  private static final int BATCH = 256;

  private final DatagramChannel channel;
  private final Selector selector;
  private final PeerTable peers;
  private final WebRtcMetrics metrics;
  private final InetSocketAddress local;

  private record UdpRoute(UdpPort port, InetSocketAddress remote) implements Route {
    @Override
    public boolean isTcp() {
      return false;
    }

    @Override
    public void send(byte[] bytes, int length) {
      port.send(remote, bytes, length);
    }

    @Override
    public void close() {
      // the port is everyone's
    }
  }

  private UdpPort(
      DatagramChannel channel, Selector selector, PeerTable peers, WebRtcMetrics metrics)
      throws IOException {
    this.channel = channel;
    this.selector = selector;
    this.peers = peers;
    this.metrics = metrics;
    local = (InetSocketAddress) channel.getLocalAddress();
  }

  /**
   * Opens the port and reads it.
   *
   * @param address port 0 takes a free one
   * @param bufferBytes wanted size of the socket's buffers; the system may give less
   * @param threads one thread is taken
   * @throws IOException when the port cannot be had
   */
  public static UdpPort open(
      InetSocketAddress address,
      int bufferBytes,
      PeerTable peers,
      WebRtcMetrics metrics,
      ThreadFactory threads)
      throws IOException {
    DatagramChannel channel = DatagramChannel.open();
    try {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, bufferBytes);
      channel.setOption(StandardSocketOptions.SO_SNDBUF, bufferBytes);
      int given = channel.getOption(StandardSocketOptions.SO_RCVBUF);
      if (given < bufferBytes) {
        LOG.info(
            "event=udp_buffer_small wanted={} given={} message=\"packets of a burst may be lost;"
                + " on Linux net.core.rmem_max is the limit\"",
            bufferBytes,
            given);
      }
      channel.bind(address);
      channel.configureBlocking(false);
      Selector selector = Selector.open();
      channel.register(selector, SelectionKey.OP_READ);
      UdpPort port = new UdpPort(channel, selector, peers, metrics);
      threads.newThread(port::read).start();
      return port;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  public InetSocketAddress local() {
    return local;
  }

  /** The way to an address by this port. */
  public Route route(InetSocketAddress remote) {
    return new UdpRoute(this, remote);
  }

  private void send(InetSocketAddress remote, byte[] bytes, int length) {
    try {
      if (channel.send(ByteBuffer.wrap(bytes, 0, length), remote) == 0) {
        metrics.unsentPackets.increment();
      }
    } catch (IOException e) {
      // An unreachable peer, or the port is closing; whoever waits for an answer notices.
      metrics.unsentPackets.increment();
    }
  }

  private void read() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(MAX_DATAGRAM);
    List<Inbox> touched = new ArrayList<>();
    while (channel.isOpen()) {
      try {
        selector.select();
        selector.selectedKeys().clear();
        for (int i = 0; i < BATCH && receive(buffer, touched); i++) {
          // until nothing is left, or the peers should have their turn
        }
      } catch (ClosedChannelException | ClosedSelectorException e) {
        return;
      } catch (IOException e) {
        // Some systems report an earlier datagram's ICMP error here.
        LOG.debug("event=udp_receive_failed message=\"{}\"", e.getMessage());
      }
      touched.forEach(Inbox::flush);
      touched.clear();
    }
  }

  private boolean receive(ByteBuffer buffer, List<Inbox> touched) throws IOException {
    buffer.clear();
    InetSocketAddress from = (InetSocketAddress) channel.receive(buffer);
    if (from == null) {
      return false;
    }
    buffer.flip();
    metrics.packets.increment();
    metrics.bytes.add(buffer.limit());
    @Nullable Inbox inbox = peers.find(from, buffer);
    if (inbox == null) {
      metrics.strayPackets.increment();
      return true;
    }
    boolean proved = peers.isBound(from, inbox);
    if (!proved && !inbox.allowsStranger(System.nanoTime())) {
      metrics.droppedPackets.increment();
      return true;
    }
    byte[] packet = new byte[buffer.remaining()];
    buffer.get(packet);
    if (inbox.offer(route(from), packet)) {
      touched.add(inbox);
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    channel.close();
    selector.close();
  }
}
