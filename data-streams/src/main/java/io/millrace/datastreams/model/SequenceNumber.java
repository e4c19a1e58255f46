package io.millrace.datastreams.model;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Sequence number of a record, in the layout of the service's version 2, which KCL takes apart: 47
 * hexadecimal digits, written in decimal. From the top: {@code 2}, creation of the shard in epoch
 * seconds (9 digits), low nibble of the shard number (1), index (16), {@code 00}, time of the
 * record in epoch seconds (9), shard number (8), {@code 2}.
 *
 * <p>The index is the record's position in the log: it rises within a shard, is never given twice,
 * and finds the record without a look-up. Compare sequence numbers as numbers.
 *
 * @param shardCreatedSeconds when the shard was created, epoch seconds
 * @param index 0 before every record, {@link #LAST_INDEX} behind every record of a closed shard
 * @param seconds when the record arrived, epoch seconds
 * @param shard number of the shard
 */
public record SequenceNumber(long shardCreatedSeconds, long index, long seconds, int shard) {
  /** The index of the end of a closed shard. */
  public static final long LAST_INDEX = Long.MAX_VALUE;

  private static final Pattern FORM = Pattern.compile("0|[1-9]\\d{0,128}");
  private static final int BITS = 186;
  private static final long SECONDS_MASK = (1L << 36) - 1;
  private static final int BILLION = 1_000_000_000;
  private static final int BILLION_DIGITS = 9;
  private static final int DIGITS_ROOM = 63;
  private static final BigInteger TOP = BigInteger.TWO.shiftLeft(184);

  public SequenceNumber {
    if (index < 0
        || shard < 0
        || (shardCreatedSeconds & ~SECONDS_MASK) != 0
        || (seconds & ~SECONDS_MASK) != 0) {
      throw new IllegalArgumentException(
          "sequence number of shard %d out of range: %d, %d, %d"
              .formatted(shard, shardCreatedSeconds, index, seconds));
    }
  }

  /**
   * Reads the decimal form.
   *
   * @throws IllegalArgumentException if it is not one this service gives out
   */
  public static SequenceNumber parse(String text) {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException("not a sequence number: " + text);
    }
    BigInteger value = new BigInteger(text);
    boolean known =
        value.bitLength() == BITS
            && value.shiftRight(184).intValue() == 2
            && (value.intValue() & 0xf) == 2
            && (value.shiftRight(72).intValue() & 0xff) == 0;
    if (!known) {
      throw new IllegalArgumentException("not a sequence number of this service: " + text);
    }
    int shard = value.shiftRight(4).intValue();
    long index = value.shiftRight(80).longValue();
    int nibble = value.shiftRight(144).intValue() & 0xf;
    if (shard < 0 || index < 0 || nibble != (shard & 0xf)) {
      throw new IllegalArgumentException("not a sequence number of this service: " + text);
    }
    return new SequenceNumber(
        value.shiftRight(148).longValue() & SECONDS_MASK,
        index,
        value.shiftRight(36).longValue() & SECONDS_MASK,
        shard);
  }

  /** As the number that is compared. */
  public BigInteger toBigInteger() {
    long upper = (shardCreatedSeconds << 4) | (shard & 0xf);
    long lower = ((long) shard << 4) | 2;
    return TOP.or(BigInteger.valueOf(upper).shiftLeft(144))
        .or(BigInteger.valueOf(index).shiftLeft(80))
        .or(BigInteger.valueOf(seconds).shiftLeft(36))
        .or(BigInteger.valueOf(lower));
  }

  /**
   * Decimal digits. Every record that is read or written has one, so this divides in place rather
   * than through {@link BigInteger}, which takes several times as long.
   */
  @Override
  public String toString() {
    // 188 bits in pieces of 32, the highest first.
    long created = shardCreatedSeconds;
    int[] limbs = {
      (int) ((0x2L << 24) | (created >>> 12)),
      (int) (((created & 0xfff) << 20) | ((shard & 0xfL) << 16) | (index >>> 48)),
      (int) (index >>> 16),
      (int) (((index & 0xffff) << 16) | (seconds >>> 28)),
      (int) (((seconds & 0xfffffff) << 4) | (shard >>> 28)),
      (shard << 4) | 2
    };
    byte[] digits = new byte[DIGITS_ROOM];
    int at = digits.length;
    int first = 0;
    while (first < limbs.length) {
      long rest = 0;
      for (int i = first; i < limbs.length; i++) {
        long part = (rest << 32) | (limbs[i] & 0xffff_ffffL);
        limbs[i] = (int) (part / BILLION);
        rest = part % BILLION;
      }
      while (first < limbs.length && limbs[first] == 0) {
        first++;
      }
      int group = (int) rest;
      for (int i = 0; i < BILLION_DIGITS; i++) {
        digits[--at] = (byte) ('0' + group % 10);
        group /= 10;
      }
    }
    while (digits[at] == '0') {
      at++;
    }
    return new String(digits, at, digits.length - at, StandardCharsets.US_ASCII);
  }
}
