package io.millrace.tests.hostile;

import java.util.Random;

/** Bytes of chance, and true packets that chance has changed. Of one thread. */
final class Junk {
  private final Random random;

  Junk(long seed) {
    random = new Random(seed);
  }

  Random random() {
    return random;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  /** Nothing but chance. */
  byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /** A copy with some bytes changed, and perhaps cut short or drawn out. */
  byte[] mutated(byte[] whole) {
    int length =
        switch (below(4)) {
          case 0 -> below(whole.length + 1);
          case 1 -> whole.length + below(64);
          default -> whole.length;
        };
    byte[] copy = bytes(length);
    System.arraycopy(whole, 0, copy, 0, Math.min(length, whole.length));
    for (int i = below(8); i >= 0 && length > 0; i--) {
      // Heads matter more than what they carry.
      copy[below(below(2) == 0 ? Math.min(length, 24) : length)] = (byte) below(256);
    }
    return copy;
  }
}
