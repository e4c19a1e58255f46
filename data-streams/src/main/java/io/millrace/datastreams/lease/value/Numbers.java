package io.millrace.datastreams.lease.value;

import io.millrace.api.error.AwsError;
import java.math.BigDecimal;

/**
 * Numbers of the table service: decimal, at most 38 significant digits, magnitudes from 1E-130 to
 * below 1E126 (DynamoDB developer guide, data types).
 */
public final class Numbers {
  static final int MAX_DIGITS = 38;
  private static final int MAX_TEXT = 1000;
  private static final int MAX_EXPONENT = 125;
  private static final int MIN_EXPONENT = -130;

  private Numbers() {}

  /**
   * Reads a number.
   *
   * @throws io.millrace.api.error.AwsException VALIDATION if it is none, or out of range
   */
  public static BigDecimal parse(String text) {
    if (text.length() > MAX_TEXT) {
      throw notANumber(text.substring(0, MAX_DIGITS) + "...");
    }
    try {
      return checked(new BigDecimal(text));
    } catch (NumberFormatException e) {
      throw notANumber(text);
    }
  }

  private static RuntimeException notANumber(String text) {
    return text.isEmpty()
        ? AwsError.VALIDATION.because("The parameter cannot be converted to a numeric value")
        : AwsError.VALIDATION.because(
            "The parameter cannot be converted to a numeric value: " + text);
  }

  /**
   * The number when it may be kept.
   *
   * @throws io.millrace.api.error.AwsException VALIDATION if it is out of range
   */
  public static BigDecimal checked(BigDecimal number) {
    if (number.signum() == 0) {
      return BigDecimal.ZERO;
    }
    // The exponent is looked at first: writing out 1E999999999 would never end.
    long exponent = (long) number.precision() - number.scale() - 1;
    if (exponent > MAX_EXPONENT) {
      throw AwsError.VALIDATION.because(
          "Number overflow. Attempting to store a number with magnitude larger than supported"
              + " range");
    }
    if (exponent < MIN_EXPONENT) {
      throw AwsError.VALIDATION.because(
          "Number underflow. Attempting to store a number with magnitude smaller than supported"
              + " range");
    }
    BigDecimal shortest = number.stripTrailingZeros();
    if (shortest.precision() > MAX_DIGITS) {
      throw AwsError.VALIDATION.because(
          "Attempting to store more than 38 significant digits in a Number");
    }
    return shortest;
  }

  /** The one text of a number: equal numbers have equal texts. */
  public static String text(BigDecimal number) {
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }

  /** Bytes a number counts for: two digits in one, and one more. */
  static int sizeBytes(String text) {
    BigDecimal number = new BigDecimal(text).stripTrailingZeros();
    return (number.precision() + 1) / 2 + 1 + (number.signum() < 0 ? 1 : 0);
  }
}
