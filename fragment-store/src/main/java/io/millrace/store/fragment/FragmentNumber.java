package io.millrace.store.fragment;

import java.math.BigInteger;

/**
 * Number of a fragment within its stream: 47 decimal digits of a 157-bit integer laid out as the
 * service's own recordings show it: hex digit 1, 64-bit counter, 64-bit server time in
 * milliseconds, 28 random bits. Constant width, so text order equals numeric order equals ingestion
 * order.
 *
 * @param counter position in ingestion order within the stream, from 1
 * @param serverTimeMillis epoch milliseconds at which the first byte of the fragment arrived
 * @param salt 28 random bits
 */
public record FragmentNumber(long counter, long serverTimeMillis, int salt)
    implements Comparable<FragmentNumber> {

  /** Digits in the text form. */
  public static final int DIGITS = 47;

  private static final BigInteger LEAD = BigInteger.ONE.shiftLeft(156);
  private static final BigInteger LOW_64 = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
  private static final int SALT_BITS = 28;
  private static final int SALT_MASK = (1 << SALT_BITS) - 1;

  public FragmentNumber {
    if (counter < 0 || serverTimeMillis < 0 || (salt & ~SALT_MASK) != 0) {
      throw new IllegalArgumentException(
          "fragment number out of range: %d/%d/%d".formatted(counter, serverTimeMillis, salt));
    }
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException if it is not one of our numbers
   */
  public static FragmentNumber parse(String text) {
    if (text.length() != DIGITS || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new IllegalArgumentException("not a 47-digit fragment number: " + text);
    }
    BigInteger value = new BigInteger(text);
    if (!value.shiftRight(156).equals(BigInteger.ONE)) {
      throw new IllegalArgumentException("not a fragment number of this layout: " + text);
    }
    return new FragmentNumber(
        value.shiftRight(92).and(LOW_64).longValue(),
        value.shiftRight(SALT_BITS).and(LOW_64).longValue(),
        value.intValue() & SALT_MASK);
  }

  @Override
  public int compareTo(FragmentNumber other) {
    int byCounter = Long.compare(counter, other.counter);
    if (byCounter != 0) {
      return byCounter;
    }
    int byTime = Long.compare(serverTimeMillis, other.serverTimeMillis);
    return byTime != 0 ? byTime : Integer.compare(salt, other.salt);
  }

  /** The 47 decimal digits used on every wire. */
  @Override
  public String toString() {
    return LEAD.or(BigInteger.valueOf(counter).shiftLeft(92))
        .or(BigInteger.valueOf(serverTimeMillis).shiftLeft(SALT_BITS))
        .or(BigInteger.valueOf(salt))
        .toString();
  }
}
