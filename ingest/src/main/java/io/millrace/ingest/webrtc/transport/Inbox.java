package io.millrace.ingest.webrtc.transport;

import io.millrace.ingest.webrtc.metrics.WebRtcMetrics;
import io.vertx.core.Context;
import java.util.ArrayDeque;

/**
 * Packets on their way from the thread of a port to the event loop of their peer; bounded. One
 * wake-up brings over everything that came in the meantime. Thread-safe.
 */
public final class Inbox {
  private static final long SECOND_NANOS = 1_000_000_000L;

  private static final class Arrival {
    final Route route;
    final byte[] packet;
    final long nanos;

    Arrival(Route route, byte[] packet, long nanos) {
      this.route = route;
      this.packet = packet;
      this.nanos = nanos;
    }
  }

  private final Context context;
  private final PacketSink sink;
  private final int maxPackets;
  private final int strangersPerSecond;
  private final WebRtcMetrics metrics;
  private long strangersNanos = Long.MIN_VALUE;
  private int strangers;
  private ArrayDeque<Arrival> arrived = new ArrayDeque<>();
  private ArrayDeque<Arrival> draining = new ArrayDeque<>();
  private boolean scheduled;

  /**
   * @param maxPackets packets that may wait; further ones are dropped
   * @param strangersPerSecond packets in a second from addresses that were not proved to be the
   *     peer's; anyone who saw a description can send them
   */
  public Inbox(
      Context context,
      PacketSink sink,
      int maxPackets,
      int strangersPerSecond,
      WebRtcMetrics metrics) {
    this.context = context;
    this.sink = sink;
    this.maxPackets = maxPackets;
    this.strangersPerSecond = strangersPerSecond;
    this.metrics = metrics;
  }

  /** Whether there may be one more of an address that was not proved; counts it. */
  synchronized boolean allowsStranger(long nowNanos) {
    if (strangersNanos == Long.MIN_VALUE || nowNanos - strangersNanos >= SECOND_NANOS) {
      strangersNanos = nowNanos;
      strangers = 0;
    }
    return strangers++ < strangersPerSecond;
  }

  /**
   * Adds a packet, which waits until {@link #flush}.
   *
   * @return whether nobody has said yet that the box must be flushed
   */
  boolean offer(Route route, byte[] packet) {
    synchronized (this) {
      if (arrived.size() >= maxPackets) {
        metrics.droppedPackets.increment();
        return false;
      }
      arrived.add(new Arrival(route, packet, System.nanoTime()));
      boolean first = !scheduled;
      scheduled = true;
      return first;
    }
  }

  /** Brings what waits to the event loop. */
  void flush() {
    context.runOnContext(unused -> drain());
  }

  private void drain() {
    synchronized (this) {
      ArrayDeque<Arrival> empty = draining;
      draining = arrived;
      arrived = empty;
      scheduled = false;
    }
    for (Arrival next = draining.poll(); next != null; next = draining.poll()) {
      sink.packet(next.route, next.packet, next.nanos);
    }
  }
}
