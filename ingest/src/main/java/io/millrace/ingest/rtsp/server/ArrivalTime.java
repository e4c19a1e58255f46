package io.millrace.ingest.rtsp.server;

/**
 * When what a connection is handling came: one look at the clocks for all packets of a read.
 * Belongs to the connection's event loop.
 */
final class ArrivalTime {
  private final RtspEnvironment environment;
  private long nanos = System.nanoTime();
  private long epochNanos;

  ArrivalTime(RtspEnvironment environment) {
    this.environment = environment;
    epochNanos = environment.nowEpochNanos();
  }

  /** Something came now. */
  void now() {
    nanos = System.nanoTime();
    epochNanos = environment.nowEpochNanos();
  }

  /** Monotonic. */
  long nanos() {
    return nanos;
  }

  /** Server time, epoch ns. */
  long epochNanos() {
    return epochNanos;
  }
}
