package io.millrace.datastreams.lease.value;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Bytes of an item.
 *
 * <pre>
 * item   version u8 = 1, map
 * map    count u32, then for each: name text, value
 * value  type u8: 1 S text, 2 N text, 3 B bytes, 4 true, 5 false, 6 null,
 *                 7 SS, 8 NS, 9 BS (count u32, members), 10 M map, 11 L (count u32, values)
 * text   length u32, UTF-8; bytes: length u32, bytes; numbers big-endian
 * </pre>
 */
public final class ItemCodec {
  private static final int VERSION = 1;
  private static final int S = 1;
  private static final int N = 2;
  private static final int B = 3;
  private static final int TRUE = 4;
  private static final int FALSE = 5;
  private static final int NULL = 6;
  private static final int SS = 7;
  private static final int NS = 8;
  private static final int BS = 9;
  private static final int M = 10;
  private static final int L = 11;

  private ItemCodec() {}

  /** The bytes of an item. */
  public static byte[] encode(Item item) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(2 * item.sizeBytes() + 16);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      map(out, item.attributes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void map(DataOutputStream out, Map<String, AttributeValue> map)
      throws IOException {
    out.writeInt(map.size());
    for (Map.Entry<String, AttributeValue> entry : map.entrySet()) {
      text(out, entry.getKey());
      value(out, entry.getValue());
    }
  }

  private static void value(DataOutputStream out, AttributeValue value) throws IOException {
    switch (value.type()) {
      case S -> {
        out.writeByte(S);
        text(out, value.s());
      }
      case N -> {
        out.writeByte(N);
        text(out, value.n());
      }
      case B -> {
        out.writeByte(B);
        bytes(out, value.b());
      }
      case BOOL -> out.writeByte(value.bool() ? TRUE : FALSE);
      case NUL -> out.writeByte(NULL);
      case SS -> texts(out, SS, value.ss());
      case NS -> texts(out, NS, value.ns());
      case BS -> {
        out.writeByte(BS);
        out.writeInt(value.bs().size());
        for (SdkBytes member : value.bs()) {
          bytes(out, member);
        }
      }
      case M -> {
        out.writeByte(M);
        map(out, value.m());
      }
      case L -> {
        out.writeByte(L);
        out.writeInt(value.l().size());
        for (AttributeValue member : value.l()) {
          value(out, member);
        }
      }
      case UNKNOWN_TO_SDK_VERSION -> throw new IllegalArgumentException("a value without a type");
    }
  }

  private static void texts(DataOutputStream out, int type, List<String> members)
      throws IOException {
    out.writeByte(type);
    out.writeInt(members.size());
    for (String member : members) {
      text(out, member);
    }
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(utf8.length);
    out.write(utf8);
  }

  private static void bytes(DataOutputStream out, SdkBytes bytes) throws IOException {
    byte[] array = bytes.asByteArrayUnsafe();
    out.writeInt(array.length);
    out.write(array);
  }

  /**
   * The item of bytes.
   *
   * @throws IllegalArgumentException if they are none
   */
  public static Item decode(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = in.readUnsignedByte();
      if (version != VERSION) {
        throw new IOException("item of version " + version + ", this program reads " + VERSION);
      }
      Item item = Item.of(map(in));
      if (in.available() > 0) {
        throw new IOException("something follows the item");
      }
      return item;
    } catch (IOException e) {
      throw new IllegalArgumentException("not an item: " + e.getMessage(), e);
    }
  }

  private static Map<String, AttributeValue> map(DataInputStream in) throws IOException {
    int count = count(in);
    Map<String, AttributeValue> map = LinkedHashMap.newLinkedHashMap(count);
    for (int i = 0; i < count; i++) {
      String name = text(in);
      map.put(name, value(in));
    }
    return map;
  }

  private static AttributeValue value(DataInputStream in) throws IOException {
    int type = in.readUnsignedByte();
    return switch (type) {
      case S -> AttributeValue.fromS(text(in));
      case N -> AttributeValue.fromN(text(in));
      case B -> AttributeValue.fromB(bytes(in));
      case TRUE -> AttributeValue.fromBool(true);
      case FALSE -> AttributeValue.fromBool(false);
      case NULL -> AttributeValue.fromNul(true);
      case SS -> AttributeValue.fromSs(texts(in));
      case NS -> AttributeValue.fromNs(texts(in));
      case BS -> {
        int count = count(in);
        List<SdkBytes> members = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
          members.add(bytes(in));
        }
        yield AttributeValue.fromBs(members);
      }
      case M -> AttributeValue.fromM(map(in));
      case L -> {
        int count = count(in);
        List<AttributeValue> members = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
          members.add(value(in));
        }
        yield AttributeValue.fromL(members);
      }
      default -> throw new IOException("value of type " + type);
    };
  }

  private static List<String> texts(DataInputStream in) throws IOException {
    int count = count(in);
    List<String> members = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      members.add(text(in));
    }
    return members;
  }

  private static String text(DataInputStream in) throws IOException {
    return new String(in.readNBytes(count(in)), StandardCharsets.UTF_8);
  }

  private static SdkBytes bytes(DataInputStream in) throws IOException {
    return SdkBytes.fromByteArrayUnsafe(in.readNBytes(count(in)));
  }

  /** A count or length; what it counts takes at least a byte each. */
  private static int count(DataInputStream in) throws IOException {
    int count = in.readInt();
    if (count < 0 || count > in.available()) {
      throw new IOException("length " + count + " with " + in.available() + " bytes left");
    }
    return count;
  }
}
