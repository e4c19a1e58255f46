package io.millrace.tests.producer;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The user records inside a record of the producer library: magic, a protobuf message, its MD5
 * (aggregation-format.md of the library). A record without them is one user record.
 */
final class AggregatedRecord {
  private static final byte[] MAGIC = {(byte) 0xF3, (byte) 0x89, (byte) 0x9A, (byte) 0xC2};
  private static final int DIGEST_BYTES = 16;

  /**
   * One user record.
   *
   * @param hash where it belongs: its explicit hash key, or the MD5 of its partition key
   */
  record UserRecord(BigInteger hash, byte[] data) {}

  private final List<String> partitionKeys = new ArrayList<>();
  private final List<String> hashKeys = new ArrayList<>();
  private final List<byte[]> records = new ArrayList<>();

  private AggregatedRecord() {}

  static boolean isAggregated(byte[] data) {
    return data.length > MAGIC.length + DIGEST_BYTES
        && Arrays.equals(data, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
  }

  /** Opens a record; fails if what says it is an aggregate is none. */
  static List<UserRecord> open(String partitionKey, byte[] data) throws IOException {
    if (!isAggregated(data)) {
      return List.of(new UserRecord(hash(partitionKey), data));
    }
    byte[] message = Arrays.copyOfRange(data, MAGIC.length, data.length - DIGEST_BYTES);
    byte[] digest = Arrays.copyOfRange(data, data.length - DIGEST_BYTES, data.length);
    if (!MessageDigest.isEqual(md5(message), digest)) {
      throw new IOException("an aggregate's MD5 is wrong");
    }
    AggregatedRecord aggregate = new AggregatedRecord();
    aggregate.read(new ProtobufReader(message));
    List<UserRecord> opened = new ArrayList<>();
    for (byte[] record : aggregate.records) {
      opened.add(aggregate.userRecord(new ProtobufReader(record)));
    }
    return opened;
  }

  private void read(ProtobufReader message) throws IOException {
    while (message.next()) {
      switch (message.field()) {
        case 1 -> partitionKeys.add(new String(message.bytes(), StandardCharsets.UTF_8));
        case 2 -> hashKeys.add(new String(message.bytes(), StandardCharsets.UTF_8));
        case 3 -> records.add(message.bytes());
        default -> throw new IOException("an aggregate has the field " + message.field());
      }
    }
  }

  private UserRecord userRecord(ProtobufReader record) throws IOException {
    int key = -1;
    int hash = -1;
    byte[] data = null;
    while (record.next()) {
      switch (record.field()) {
        case 1 -> key = (int) record.number();
        case 2 -> hash = (int) record.number();
        case 3 -> data = record.bytes();
        default -> throw new IOException("a user record has the field " + record.field());
      }
    }
    if (key < 0 || data == null) {
      throw new IOException("a user record without key or data");
    }
    return new UserRecord(
        hash < 0 ? hash(partitionKeys.get(key)) : new BigInteger(hashKeys.get(hash)), data);
  }

  private static BigInteger hash(String partitionKey) {
    return new BigInteger(1, md5(partitionKey.getBytes(StandardCharsets.UTF_8)));
  }

  private static byte[] md5(byte[] bytes) {
    try {
      return MessageDigest.getInstance("MD5").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads varint and length-delimited fields one after the other. */
  private static final class ProtobufReader {
    private final byte[] message;
    private int at;
    private int field;
    private long number;
    private byte[] bytes = new byte[0];

    ProtobufReader(byte[] message) {
      this.message = message;
    }

    boolean next() throws IOException {
      if (at == message.length) {
        return false;
      }
      long tag = varint();
      field = (int) (tag >>> 3);
      switch ((int) tag & 7) {
        case 0 -> number = varint();
        case 2 -> {
          int length = (int) varint();
          if (length < 0 || length > message.length - at) {
            throw new IOException("a field ends after its message");
          }
          bytes = Arrays.copyOfRange(message, at, at + length);
          at += length;
        }
        default -> throw new IOException("wire type " + (tag & 7));
      }
      return true;
    }

    private long varint() throws IOException {
      long value = 0;
      for (int shift = 0; shift < 64; shift += 7) {
        if (at == message.length) {
          throw new IOException("a message ends within a number");
        }
        byte next = message[at++];
        value |= (long) (next & 0x7F) << shift;
        if (next >= 0) {
          return value;
        }
      }
      throw new IOException("a number longer than 64 bits");
    }

    int field() {
      return field;
    }

    long number() {
      return number;
    }

    byte[] bytes() {
      return bytes;
    }
  }
}
