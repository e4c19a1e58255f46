package io.millrace.ingest.rtsp.server;

import java.util.BitSet;
import java.util.OptionalInt;

/** The range of ports for RTP and RTCP, given out as pairs that begin even. Thread-safe. */
final class UdpPorts {
  private final int first;
  private final int pairs;
  private final BitSet taken = new BitSet();
  private int next;

  /**
   * @param first first port, even
   * @param last last port of the range
   */
  UdpPorts(int first, int last) {
    this.first = first;
    pairs = Math.max(0, (last - first + 1) / 2);
  }

  int pairs() {
    return pairs;
  }

  /** A pair's first port; empty where all are taken. A pair given back is given out last. */
  synchronized OptionalInt take() {
    for (int i = 0; i < pairs; i++) {
      int pair = (next + i) % pairs;
      if (!taken.get(pair)) {
        taken.set(pair);
        next = (pair + 1) % pairs;
        return OptionalInt.of(first + 2 * pair);
      }
    }
    return OptionalInt.empty();
  }

  synchronized void giveBack(int port) {
    taken.clear((port - first) / 2);
  }
}
