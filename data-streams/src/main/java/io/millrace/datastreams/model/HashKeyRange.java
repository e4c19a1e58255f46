package io.millrace.datastreams.model;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * The hash keys of a shard.
 *
 * @param start first key, inclusive
 * @param end last key, inclusive
 */
public record HashKeyRange(HashKey start, HashKey end) {
  /** Every key. */
  public static final HashKeyRange ALL = new HashKeyRange(HashKey.MIN, HashKey.MAX);

  public HashKeyRange {
    if (start.compareTo(end) > 0) {
      throw new IllegalArgumentException("range from " + start + " to " + end);
    }
  }

  /**
   * Even ranges over all keys: range i starts at i·floor(2^128/count), the last ends at the end.
   */
  public static List<HashKeyRange> uniform(int count) {
    BigInteger width = BigInteger.ONE.shiftLeft(128).divide(BigInteger.valueOf(count));
    List<HashKeyRange> ranges = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      HashKey start = HashKey.of(width.multiply(BigInteger.valueOf(i)));
      HashKey end =
          i == count - 1
              ? HashKey.MAX
              : HashKey.of(width.multiply(BigInteger.valueOf(i + 1L)).subtract(BigInteger.ONE));
      ranges.add(new HashKeyRange(start, end));
    }
    return ranges;
  }

  public boolean contains(HashKey key) {
    return start.compareTo(key) <= 0 && key.compareTo(end) <= 0;
  }

  /** Whether the other range begins where this one ends. */
  public boolean isBefore(HashKeyRange other) {
    return !end.equals(HashKey.MAX) && end.next().equals(other.start);
  }

  /** The key in the middle, at which an even split begins its upper half. */
  public HashKey middle() {
    BigInteger sum = start.toBigInteger().add(end.toBigInteger()).add(BigInteger.ONE);
    return HashKey.of(sum.shiftRight(1));
  }
}
