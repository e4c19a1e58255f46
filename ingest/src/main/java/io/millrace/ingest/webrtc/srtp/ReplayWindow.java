package io.millrace.ingest.webrtc.srtp;

/** Which of the newest 128 packet indexes were seen (RFC 3711 section 3.3.2). */
final class ReplayWindow {
  static final int PACKETS = 128;

  private long highest = -1;
  private final long[] seen = new long[PACKETS / Long.SIZE];

  /** Whether a packet of this index was not seen and is not too old to tell. */
  boolean isNew(long index) {
    if (index > highest) {
      return true;
    }
    return highest - index < PACKETS && (word(index) & bit(index)) == 0;
  }

  /** Remembers an index that {@link #isNew}, after its packet was found genuine. */
  void see(long index) {
    if (index > highest) {
      long from = Math.max(highest + 1, index - PACKETS + 1);
      for (long each = from; each <= index; each++) {
        seen[slot(each)] &= ~bit(each);
      }
      highest = index;
    }
    seen[slot(index)] |= bit(index);
  }

  private long word(long index) {
    return seen[slot(index)];
  }

  private static int slot(long index) {
    return (int) (index / Long.SIZE % (PACKETS / Long.SIZE));
  }

  private static long bit(long index) {
    return 1L << (index % Long.SIZE);
  }
}
