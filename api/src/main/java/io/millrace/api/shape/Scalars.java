package io.millrace.api.shape;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;

/** The scalar at which a parser stands, checked against what a member takes. */
final class Scalars {
  static final int MAX_NUMBER_SCALE = 40;
  private static final BigDecimal LATEST_EPOCH_SECOND = BigDecimal.valueOf(9_000_000_000L);
  private static final int NANOS_IN_SECONDS = 9;
  private static final int NANOS_IN_MILLIS = 6;

  private final JsonParser parser;
  private final BodyFormat format;

  Scalars(JsonParser parser, BodyFormat format) {
    this.parser = parser;
    this.format = format;
  }

  String text() throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw wrong(parser, "a string");
    }
    return wellFormed(parser.getText());
  }

  /** The name at which the parser stands, of a member or of an entry. */
  String name() throws IOException {
    return wellFormed(parser.currentName());
  }

  /** Half of a surrogate pair is no character: such a text could be read but never written. */
  private String wellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean paired =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!paired) {
          throw AwsError.SERIALIZATION.because(
              "'%s' holds half a surrogate pair%s".formatted(path(parser), at(parser)));
        }
        i++;
      }
    }
    return text;
  }

  BigDecimal number() throws IOException {
    if (!parser.currentToken().isNumeric()) {
      throw wrong(parser, "a number");
    }
    BigDecimal value;
    try {
      value = parser.getDecimalValue();
    } catch (NumberFormatException e) {
      throw outOfRange();
    }
    // A short text can name a number of a billion digits; arithmetic on it would never end.
    if (Math.abs((long) value.scale()) > MAX_NUMBER_SCALE) {
      throw outOfRange();
    }
    return value;
  }

  long integer(long low, long high) throws IOException {
    BigDecimal value = number();
    if (value.compareTo(BigDecimal.valueOf(low)) < 0
        || value.compareTo(BigDecimal.valueOf(high)) > 0) {
      throw AwsError.SERIALIZATION.because(
          "'%s' must be between %d and %d%s".formatted(path(parser), low, high, at(parser)));
    }
    if (value.stripTrailingZeros().scale() > 0) {
      throw wrong(parser, "a whole number");
    }
    return value.longValueExact();
  }

  Boolean bool() {
    if (!parser.currentToken().isBoolean()) {
      throw wrong(parser, "true or false");
    }
    return parser.currentToken() == JsonToken.VALUE_TRUE;
  }

  Instant instant() throws IOException {
    boolean seconds = format.hasEpochSeconds();
    String unit = seconds ? "epoch seconds" : "epoch milliseconds";
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      try {
        return Instant.parse(parser.getText());
      } catch (DateTimeException e) {
        throw wrong(parser, "a timestamp in " + unit);
      }
    }
    BigDecimal value = number();
    BigDecimal latest = seconds ? LATEST_EPOCH_SECOND : LATEST_EPOCH_SECOND.movePointRight(3);
    if (value.signum() < 0 || value.compareTo(latest) > 0) {
      throw AwsError.SERIALIZATION.because(
          "'%s' must be in %s, from 0 to %s%s"
              .formatted(path(parser), unit, latest.toPlainString(), at(parser)));
    }
    long nanos =
        value
            .movePointRight(seconds ? NANOS_IN_SECONDS : NANOS_IN_MILLIS)
            .setScale(0, RoundingMode.HALF_UP)
            .longValueExact();
    return Instant.ofEpochSecond(nanos / 1_000_000_000L, nanos % 1_000_000_000L);
  }

  SdkBytes bytes() throws IOException {
    boolean base64 = format.isText();
    String expected = base64 ? "a base64 string" : "a byte string";
    JsonToken token = base64 ? JsonToken.VALUE_STRING : JsonToken.VALUE_EMBEDDED_OBJECT;
    if (parser.currentToken() != token) {
      throw wrong(parser, expected);
    }
    try {
      return SdkBytes.fromByteArrayUnsafe(parser.getBinaryValue());
    } catch (JsonProcessingException e) {
      if (base64) {
        throw wrong(parser, expected);
      }
      throw e;
    }
  }

  /** The value as the plain Java type it is nearest to. */
  Object plain() throws IOException {
    return switch (parser.currentToken()) {
      case VALUE_STRING -> text();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_EMBEDDED_OBJECT -> parser.getBinaryValue();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
        BigDecimal value = number();
        boolean whole =
            parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                && value.compareTo(BigDecimal.valueOf(Long.MIN_VALUE)) >= 0
                && value.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0;
        yield whole ? (Object) value.longValueExact() : value;
      }
      default -> throw wrong(parser, "a value");
    };
  }

  private AwsException outOfRange() {
    return AwsError.SERIALIZATION.because("'" + path(parser) + "' is out of range" + at(parser));
  }

  static AwsException wrong(JsonParser parser, String expected) {
    return AwsError.SERIALIZATION.because(
        "'%s' must be %s, not %s%s"
            .formatted(path(parser), expected, describe(parser.currentToken()), at(parser)));
  }

  /** Names and one-based list positions down to the value at hand, joined with dots. */
  private static String path(JsonParser parser) {
    JsonStreamContext context = parser.getParsingContext();
    JsonToken token = parser.currentToken();
    if (token != null && token.isStructStart()) {
      context = context.getParent();
    }
    StringBuilder path = new StringBuilder();
    for (; context != null && !context.inRoot(); context = context.getParent()) {
      String step =
          context.inArray()
              ? Integer.toString(context.getCurrentIndex() + 1)
              : context.getCurrentName();
      path.insert(0, path.isEmpty() ? step : step + ".");
    }
    return path.isEmpty() ? "the body" : path.toString();
  }

  private static String describe(@Nullable JsonToken token) {
    return switch (token) {
      case null -> "nothing";
      case START_OBJECT -> "an object";
      case START_ARRAY -> "a list";
      case VALUE_STRING -> "a string";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
      case VALUE_TRUE, VALUE_FALSE -> "a boolean";
      case VALUE_EMBEDDED_OBJECT -> "a byte string";
      case VALUE_NULL -> "null";
      default -> token.name();
    };
  }

  static String at(JsonParser parser) {
    return position(parser.currentTokenLocation());
  }

  /** Where it is: line and column of a text, offset of bytes. */
  static String position(@Nullable JsonLocation location) {
    if (location == null) {
      return "";
    }
    return location.getLineNr() > 0
        ? " (line %d, column %d)".formatted(location.getLineNr(), location.getColumnNr())
        : " (byte %d)".formatted(location.getByteOffset());
  }
}
