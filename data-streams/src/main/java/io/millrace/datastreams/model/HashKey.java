package io.millrace.datastreams.model;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.regex.Pattern;

/**
 * A number from 0 to 2^128-1 that decides which shard takes a record: the MD5 of its partition key,
 * or the explicit hash key of its producer (Kinesis API reference, PutRecord).
 *
 * @param high upper 64 bits, unsigned
 * @param low lower 64 bits, unsigned
 */
public record HashKey(long high, long low) implements Comparable<HashKey> {
  /** 0. */
  public static final HashKey MIN = new HashKey(0, 0);

  /** 2^128-1. */
  public static final HashKey MAX = new HashKey(-1, -1);

  private static final Pattern FORM = Pattern.compile("0|[1-9]\\d{0,38}");
  private static final ThreadLocal<MessageDigest> MD5 = ThreadLocal.withInitial(HashKey::md5);

  private static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has MD5", e);
    }
  }

  /** The hash of a partition key: MD5 of its UTF-8 bytes, as an unsigned big-endian number. */
  public static HashKey of(String partitionKey) {
    ByteBuffer digest =
        ByteBuffer.wrap(MD5.get().digest(partitionKey.getBytes(StandardCharsets.UTF_8)));
    return new HashKey(digest.getLong(), digest.getLong());
  }

  /**
   * Reads decimal digits.
   *
   * @throws IllegalArgumentException if the text is no number from 0 to 2^128-1
   */
  public static HashKey parse(String text) {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException("not a hash key: " + text);
    }
    BigInteger value = new BigInteger(text);
    if (value.bitLength() > 128) {
      throw new IllegalArgumentException("hash key beyond 2^128-1: " + text);
    }
    return of(value);
  }

  /** The key of a number from 0 to 2^128-1. */
  public static HashKey of(BigInteger value) {
    return new HashKey(value.shiftRight(64).longValue(), value.longValue());
  }

  /** As a number. */
  public BigInteger toBigInteger() {
    return unsigned(high).shiftLeft(64).or(unsigned(low));
  }

  private static BigInteger unsigned(long bits) {
    BigInteger value = BigInteger.valueOf(bits & Long.MAX_VALUE);
    return bits < 0 ? value.setBit(63) : value;
  }

  /** The next number; wraps at the end. */
  public HashKey next() {
    return new HashKey(low == -1 ? high + 1 : high, low + 1);
  }

  /** The number before; wraps at the start. */
  public HashKey previous() {
    return new HashKey(low == 0 ? high - 1 : high, low - 1);
  }

  @Override
  public int compareTo(HashKey other) {
    int upper = Long.compareUnsigned(high, other.high);
    return upper != 0 ? upper : Long.compareUnsigned(low, other.low);
  }

  /** Decimal digits. */
  @Override
  public String toString() {
    return toBigInteger().toString();
  }
}
