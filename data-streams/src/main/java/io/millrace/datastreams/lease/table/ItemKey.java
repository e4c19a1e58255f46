package io.millrace.datastreams.lease.table;

import io.millrace.datastreams.lease.expression.KeyCondition;
import io.millrace.datastreams.lease.value.Values;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Where an item stands in the store. Names have a fixed length whatever the keys are, and items of
 * one hash key stand together.
 *
 * <pre>
 * item/TABLE-ID/HH                     table with a hash key
 * item/TABLE-ID/HH/RR                  table with a range key
 * HH, RR   SHA-256 of the key's bytes, hexadecimal
 * </pre>
 *
 * @param name of the item in the store
 */
public record ItemKey(String name) {
  private static final String PREFIX = "item/";
  private static final int SEGMENT_DIGITS = 16;

  /** The key in checked attributes that have it. */
  public static ItemKey of(LeaseTable table, Map<String, AttributeValue> attributes) {
    StringBuilder name =
        new StringBuilder(hashPrefix(table, value(attributes, table.key().hash())));
    table.key().range().ifPresent(range -> name.append(digest(value(attributes, range))));
    return new ItemKey(name.toString());
  }

  private static AttributeValue value(
      Map<String, AttributeValue> attributes, KeyCondition.Key part) {
    AttributeValue value = attributes.get(part.name());
    if (value == null) {
      throw new IllegalArgumentException("attributes without the key " + part.name());
    }
    return value;
  }

  /** What the names of all items of a table begin with. */
  public static String prefix(LeaseTable table) {
    return PREFIX + table.description().tableId() + "/";
  }

  /** What the names of all items of a hash key begin with. */
  static String hashPrefix(LeaseTable table, AttributeValue hash) {
    return prefix(table) + digest(hash) + (table.key().range().isPresent() ? "/" : "");
  }

  /** The first name of a segment of a table that is read in several. */
  public static String segmentStart(LeaseTable table, int segment, int segments) {
    if (segment == segments) {
      return prefix(table) + "g";
    }
    BigInteger start =
        BigInteger.ONE
            .shiftLeft(SEGMENT_DIGITS * 4)
            .multiply(BigInteger.valueOf(segment))
            .divide(BigInteger.valueOf(segments));
    String digits = start.toString(16);
    return prefix(table) + "0".repeat(SEGMENT_DIGITS - digits.length()) + digits;
  }

  private static String digest(AttributeValue key) {
    byte[] bytes =
        key.type() == AttributeValue.Type.N
            ? key.n().getBytes(StandardCharsets.US_ASCII)
            : Values.bytes(key);
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
