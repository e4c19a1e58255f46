package io.millrace.media.ebml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.media.track.MalformedMedia;
import io.millrace.media.track.MediaException;
import io.millrace.media.track.UnsupportedMedia;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The structure reader at its limits, with a schema of its own. */
class EbmlReaderTest {
  private static final int MASTER = 0x81;
  private static final int OPEN_MASTER = 0x82;
  private static final int INTEGER = 0x83;
  private static final int FLOAT = 0x84;
  private static final int TEXT = 0x85;
  private static final int BINARY = 0x86;
  private static final int STREAM = 0x87;

  private static final EbmlSchema SCHEMA =
      new EbmlSchema() {
        @Override
        public ElementType type(int parentId, int id) {
          return switch (id) {
            case MASTER, OPEN_MASTER -> ElementType.MASTER;
            case INTEGER -> ElementType.INTEGER;
            case FLOAT -> ElementType.FLOAT;
            case TEXT -> ElementType.TEXT;
            case BINARY -> ElementType.BINARY;
            case STREAM -> ElementType.STREAM;
            default -> ElementType.SKIP;
          };
        }

        @Override
        public boolean allowedAtRoot(int id) {
          return true;
        }

        @Override
        public boolean mayBeUnknownSize(int id) {
          return id == OPEN_MASTER;
        }

        @Override
        public boolean endsUnknownSize(int openId, int id) {
          return id == OPEN_MASTER;
        }

        @Override
        public boolean mayEndEarly(int id) {
          return false;
        }

        @Override
        public String name(int id) {
          return "E" + Integer.toHexString(id);
        }
      };

  private static String read(EbmlSettings settings, int... bytes) throws MediaException {
    EventText events = new EventText();
    EbmlReader reader = new EbmlReader(settings, SCHEMA, events);
    ByteBuffer buffer = ByteBuffer.allocate(bytes.length);
    for (int b : bytes) {
      buffer.put((byte) b);
    }
    reader.feed(buffer.flip());
    reader.end();
    return events.toString();
  }

  @Test
  void everyTypeIsRead() throws Exception {
    String text =
        read(
            EbmlSettings.DEFAULT,
            0x81,
            0x9a, // master of 26 bytes
            0x83,
            0x80, // integer without bytes
            0x83,
            0x82,
            0x01,
            0x02, //
            0x84,
            0x84,
            0x3f,
            0x80,
            0x00,
            0x00, //
            0x85,
            0x83,
            'a',
            'b',
            0, //
            0x86,
            0x81,
            0x07, //
            0x87,
            0x82,
            0x01,
            0x02, //
            0x99,
            0x80, // skipped
            0x82,
            0xff,
            0x83,
            0x81,
            0x05,
            0x82,
            0xff);

    assertThat(text.lines())
        .containsExactly(
            "0 [ 81 at 2",
            "2 83 = 0",
            "4 83 = 258",
            "8 84 = 1.0",
            "14 85 = ab",
            "19 86 = [7]",
            "22 87 at 24 of 2",
            "2 bytes",
            "stream end 26",
            "] 81 at 28",
            "28 [ 82 at 30",
            "30 83 = 5",
            "] 82 at 33",
            "33 [ 82 at 35",
            "] 82 at 35");
  }

  @ParameterizedTest
  @CsvSource({
    "00, does not start an element ID",
    "01, does not start an element ID",
    "ff, reserved element ID",
    "8300, has more than 8 bytes",
    "8389, must not have 9 bytes",
    "8483, must not have 3 bytes",
    "81ff, must not have an unknown size",
    "8382, input ends inside",
    "83, input ends inside",
    "4, input ends inside element header",
    "8183838201, is longer than what it stands in",
    "8183, input ends inside E81",
  })
  void malformedStructureIsNamed(String hex, String message) {
    String even = hex.length() % 2 == 0 ? hex : hex + "0";
    int[] bytes = new int[even.length() / 2];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = Integer.parseInt(even.substring(2 * i, 2 * i + 2), 16);
    }

    assertThatThrownBy(() -> read(EbmlSettings.DEFAULT, bytes))
        .isInstanceOf(MalformedMedia.class)
        .hasMessageContaining(message);
  }

  @Test
  void depthAtTheLimitIsTakenAndOneMoreIsRefused() throws Exception {
    EbmlSettings two = new EbmlSettings(2, 8, 8, true);

    assertThat(read(two, 0x81, 0x82, 0x81, 0x80)).contains("] 81 at 4");
    assertThatThrownBy(() -> read(two, 0x81, 0x84, 0x81, 0x82, 0x81, 0x80))
        .isInstanceOf(UnsupportedMedia.class)
        .hasMessage("elements are nested deeper than 2 at byte 4 in E81/E81/E81");
  }

  @Test
  void collectedBytesAtTheLimitAreTakenAndOneMoreIsRefused() throws Exception {
    EbmlSettings eight = new EbmlSettings(2, 8, 10, true);

    assertThat(read(eight, 0x86, 0x88, 1, 2, 3, 4, 5, 6, 7, 8))
        .contains("[1, 2, 3, 4, 5, 6, 7, 8]");
    assertThatThrownBy(() -> read(eight, 0x86, 0x89))
        .isInstanceOf(UnsupportedMedia.class)
        .hasMessageContaining("9 bytes exceeds the limit of 8");
  }

  @ParameterizedTest
  @ValueSource(ints = {STREAM, 0x99})
  void elementsAtTheLimitAreTakenAndOneByteMoreIsRefused(int id) throws Exception {
    EbmlSettings ten = new EbmlSettings(2, 8, 10, true);

    assertThat(read(ten, id, 0x8a, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)).isNotNull();
    assertThatThrownBy(() -> read(ten, id, 0x8b))
        .isInstanceOf(UnsupportedMedia.class)
        .hasMessageContaining("11 bytes exceeds the limit of 10");
  }

  @Test
  void unknownSizesCanBeRefused() throws Exception {
    assertThat(read(EbmlSettings.DEFAULT, 0x82, 0xff)).contains("] 82 at 2");
    assertThatThrownBy(() -> read(new EbmlSettings(2, 8, 8, false), 0x82, 0xff))
        .isInstanceOf(UnsupportedMedia.class)
        .hasMessageContaining("E82 has an unknown size");
  }

  @Test
  void unreasonableSettingsAreRefused() {
    assertThatThrownBy(() -> new EbmlSettings(0, 8, 8, true))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new EbmlSettings(1, 9, 8, true))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "126, 1", "127, 2", "16382, 2", "16383, 3", "72057594037927934, 8"})
  void sizesTakeTheirShortestForm(long value, int length) {
    assertThat(VarInt.encodedLength(value)).isEqualTo(length);
    ByteBuffer bytes = ByteBuffer.allocate(8);
    VarInt.put(bytes, value, length);
    assertThat(bytes.position()).isEqualTo(length);
    assertThat(VarInt.lengthOf(bytes.get(0))).isEqualTo(length);
    long read = VarInt.firstBits(bytes.get(0) & 0xff, length);
    for (int i = 1; i < length; i++) {
      read = read << 8 | (bytes.get(i) & 0xff);
    }
    assertThat(read).isEqualTo(value);
  }

  @Test
  void sizesThatDoNotFitAreRefused() {
    assertThatThrownBy(() -> VarInt.encodedLength(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> VarInt.put(ByteBuffer.allocate(8), 128, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
