package io.millrace.api.wire;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/** Ids of requests, in the form of the AWS front end (a UUID). Thread-safe. */
final class RequestIds {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
  private static final int EXTENDED_BYTES = 48;

  private final long high;
  private final AtomicLong low;

  RequestIds(RandomGenerator random) {
    high = random.nextLong();
    low = new AtomicLong(random.nextLong());
  }

  String next() {
    long mixed = mixed();
    return new UUID(high ^ Long.rotateLeft(mixed, 17), mixed ^ (mixed >>> 31)).toString();
  }

  /** The second id that answers of targeted services carry: opaque base64. */
  String extended() {
    byte[] bytes = new byte[EXTENDED_BYTES];
    ByteBuffer id = ByteBuffer.wrap(bytes);
    while (id.remaining() >= Long.BYTES) {
      id.putLong(high ^ mixed());
    }
    return Base64.getEncoder().encodeToString(bytes);
  }

  private long mixed() {
    long n = low.addAndGet(GOLDEN_GAMMA);
    long mixed = (n ^ (n >>> 30)) * 0xBF58476D1CE4E5B9L;
    return (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
  }
}
