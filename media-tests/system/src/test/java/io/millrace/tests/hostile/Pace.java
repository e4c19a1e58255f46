package io.millrace.tests.hostile;

import java.util.concurrent.locks.LockSupport;

/** So many packets a second, in bursts as a network brings them. Of one thread. */
final class Pace {
  private final double packetsPerSecond;
  private final long startNanos = System.nanoTime();
  private long sent;

  Pace(double packetsPerSecond) {
    this.packetsPerSecond = packetsPerSecond;
  }

  /** Counts a packet and waits until the next may go. */
  void sent() {
    sent(1);
  }

  /** The same for some. */
  void sent(int packets) {
    sent += packets;
    long due = startNanos + (long) (sent / packetsPerSecond * 1e9);
    long wait = due - System.nanoTime();
    // Short waits are put together: a timer costs more than a packet.
    while (wait > 2_000_000) {
      LockSupport.parkNanos(wait);
      wait = due - System.nanoTime();
    }
  }
}
