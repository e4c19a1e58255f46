package io.millrace.ingest.rtsp.datagram;

import io.vertx.core.Context;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens UDP ports and reads all of them on one thread, which begins with the first. An event loop
 * that stands still for a while loses nothing then, strangers cost it nothing, and no buffer of the
 * socket's size is made for each datagram, as Vert.x does. Thread-safe.
 */
public final class DatagramPorts implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DatagramPorts.class);
  private static final int MAX_DATAGRAM = 65_535;

  /** Datagrams read from one port before the next has its turn. */
  private static final int BATCH = 64;

  private final ThreadFactory threads;
  private final LongAdder dropped;
  private @Nullable Selector selector;

  /**
   * @param threads one thread is taken
   * @param dropped counts datagrams for which an event loop had no room
   */
  public DatagramPorts(ThreadFactory threads, LongAdder dropped) {
    this.threads = threads;
    this.dropped = dropped;
  }

  /**
   * Opens a port.
   *
   * @param local where; port 0 takes a free one
   * @param bufferBytes wanted size of the socket's buffers, of which the system may give less, and
   *     most that may wait for the event loop; more is dropped
   * @param context where datagrams are taken
   * @param accepted whether the datagrams of a sender are wanted; on the thread that reads
   * @param receiver takes them, each whole in an array of its own
   * @throws IOException if the port cannot be had
   */
  public DatagramPort open(
      InetSocketAddress local,
      int bufferBytes,
      Context context,
      Predicate<InetSocketAddress> accepted,
      Consumer<ByteBuffer> receiver)
      throws IOException {
    DatagramChannel channel = DatagramChannel.open();
    try {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, bufferBytes);
      channel.setOption(StandardSocketOptions.SO_SNDBUF, bufferBytes);
      channel.bind(local);
      channel.configureBlocking(false);
      Selector reading = reading();
      DatagramPort port =
          new DatagramPort(
              channel,
              reading,
              new DatagramQueue(context, bufferBytes, receiver, dropped),
              accepted);
      channel.register(reading, SelectionKey.OP_READ, port);
      reading.wakeup();
      return port;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private synchronized Selector reading() throws IOException {
    if (selector == null) {
      Selector opened = Selector.open();
      threads.newThread(() -> read(opened)).start();
      selector = opened;
    }
    return selector;
  }

  private static void read(Selector selector) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(MAX_DATAGRAM);
    List<DatagramPort> ready = new ArrayList<>();
    while (selector.isOpen()) {
      try {
        selector.select(key -> ready.add((DatagramPort) key.attachment()));
      } catch (IOException | ClosedSelectorException e) {
        LOG.debug("event=datagrams_ended message=\"{}\"", e.getMessage());
        return;
      }
      for (DatagramPort port : ready) {
        port.read(buffer, BATCH);
      }
      ready.clear();
    }
  }

  /** Reads no more; open ports are to be closed by those who opened them. */
  @Override
  public synchronized void close() throws IOException {
    if (selector != null) {
      selector.close();
    }
  }
}
