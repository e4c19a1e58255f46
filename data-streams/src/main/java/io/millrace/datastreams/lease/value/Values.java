package io.millrace.datastreams.lease.value;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What can be asked of values that passed {@link ValueCheck}. */
public final class Values {
  private static final int STRUCTURE_BYTES = 3;

  private Values() {}

  /** Type as the protocol names it: S, N, B, SS, NS, BS, M, L, BOOL or NULL. */
  public static String typeName(AttributeValue value) {
    return value.type() == AttributeValue.Type.NUL ? "NULL" : value.type().name();
  }

  /** Whether values of the type have an order. */
  public static boolean isOrdered(AttributeValue value) {
    return value.type() == AttributeValue.Type.S
        || value.type() == AttributeValue.Type.N
        || value.type() == AttributeValue.Type.B;
  }

  /**
   * Compares values of one ordered type: numbers by value, strings by their UTF-8 bytes.
   *
   * @throws IllegalArgumentException if they are not
   */
  public static int compare(AttributeValue a, AttributeValue b) {
    if (a.type() != b.type() || !isOrdered(a)) {
      throw new IllegalArgumentException("no order of " + a.type() + " and " + b.type());
    }
    return a.type() == AttributeValue.Type.N
        ? new BigDecimal(a.n()).compareTo(new BigDecimal(b.n()))
        : Arrays.compareUnsigned(bytes(a), bytes(b));
  }

  /** Bytes of a string or binary value; borrowed. */
  public static byte[] bytes(AttributeValue value) {
    return value.type() == AttributeValue.Type.S
        ? value.s().getBytes(StandardCharsets.UTF_8)
        : value.b().asByteArrayUnsafe();
  }

  /** Result of {@code size()}: bytes, or members; none for numbers, booleans and nulls. */
  public static OptionalInt length(AttributeValue value) {
    return switch (value.type()) {
      case S -> OptionalInt.of(utf8Length(value.s()));
      case B -> OptionalInt.of(value.b().asByteArrayUnsafe().length);
      case SS -> OptionalInt.of(value.ss().size());
      case NS -> OptionalInt.of(value.ns().size());
      case BS -> OptionalInt.of(value.bs().size());
      case M -> OptionalInt.of(value.m().size());
      case L -> OptionalInt.of(value.l().size());
      case N, BOOL, NUL, UNKNOWN_TO_SDK_VERSION -> OptionalInt.empty();
    };
  }

  /** Bytes of names and values together, as item limits count them. */
  public static int sizeBytes(Map<String, AttributeValue> attributes) {
    int size = 0;
    for (Map.Entry<String, AttributeValue> attribute : attributes.entrySet()) {
      size += utf8Length(attribute.getKey()) + sizeBytes(attribute.getValue());
    }
    return size;
  }

  static int sizeBytes(AttributeValue value) {
    return switch (value.type()) {
      case S -> utf8Length(value.s());
      case N -> Numbers.sizeBytes(value.n());
      case B -> value.b().asByteArrayUnsafe().length;
      case BOOL, NUL -> 1;
      case SS -> value.ss().stream().mapToInt(Values::utf8Length).sum();
      case NS -> value.ns().stream().mapToInt(Numbers::sizeBytes).sum();
      case BS -> bytesOf(value.bs());
      case M -> STRUCTURE_BYTES + value.m().size() + sizeBytes(value.m());
      case L -> {
        int size = STRUCTURE_BYTES;
        for (AttributeValue member : value.l()) {
          size += 1 + sizeBytes(member);
        }
        yield size;
      }
      case UNKNOWN_TO_SDK_VERSION -> throw new IllegalArgumentException("a value without a type");
    };
  }

  private static int bytesOf(List<SdkBytes> members) {
    return members.stream().mapToInt(member -> member.asByteArrayUnsafe().length).sum();
  }

  private static int utf8Length(String text) {
    int length = text.length();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x800) {
        // A surrogate pair is two chars and four bytes.
        length += Character.isSurrogate(c) ? 1 : 2;
      } else if (c >= 0x80) {
        length += 1;
      }
    }
    return length;
  }
}
