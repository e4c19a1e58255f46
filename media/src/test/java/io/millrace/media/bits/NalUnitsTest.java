package io.millrace.media.bits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.media.track.MalformedMedia;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NalUnitsTest {
  private static ByteBuffer hex(String text) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(text.replace(" ", "")));
  }

  private static String text(List<ByteBuffer> units) {
    return String.join(
        ",",
        units.stream()
            .map(
                unit -> {
                  byte[] bytes = new byte[unit.remaining()];
                  unit.duplicate().get(bytes);
                  return HexFormat.of().formatHex(bytes);
                })
            .toList());
  }

  @ParameterizedTest
  @CsvSource({
    "000001 65, 65",
    "00000001 65aa 000001 66, '65aa,66'",
    "00000001 65aa0000 00000001 66bb000000, '65aa,66bb'",
    "000001 000001 65, 65",
    "000001 6500000300000165, '65000003,65'",
    "000001 65000002, 65000002",
    "65aa, ''",
    "000001, ''",
    "'', ''",
  })
  void unitsLieBetweenStartCodes(String annexB, String units) {
    assertThat(text(NalUnits.splitAnnexB(hex(annexB)))).isEqualTo(units);
  }

  @ParameterizedTest
  @CsvSource({
    "00000002 65aa 00000001 66, 4, '65aa,66'",
    "0002 65aa 0001 66, 2, '65aa,66'",
    "02 65aa 00 01 66, 1, '65aa,66'",
    "'', 4, ''",
  })
  void unitsFollowTheirLengths(String data, int lengthBytes, String units) throws Exception {
    assertThat(text(NalUnits.splitLengthPrefixed(hex(data), lengthBytes))).isEqualTo(units);
  }

  @Test
  void lengthsBeyondTheEndAreRefused() {
    assertThatThrownBy(() -> NalUnits.splitLengthPrefixed(hex("00000003 65aa"), 4))
        .isInstanceOf(MalformedMedia.class)
        .hasMessageContaining("NAL unit of 3 bytes");
    assertThatThrownBy(() -> NalUnits.splitLengthPrefixed(hex("00000001 65 0000"), 4))
        .isInstanceOf(MalformedMedia.class)
        .hasMessageContaining("cut at byte 5");
    assertThat(NalUnits.isLengthPrefixed(hex("ffffffff 65"), 4)).isFalse();
  }

  @Test
  void bothFormsCarryTheSameUnits() throws Exception {
    Random random = new Random(42);
    for (int round = 0; round < 200; round++) {
      byte[] unit = new byte[1 + random.nextInt(40)];
      for (int i = 0; i < unit.length; i++) {
        // Emulation prevention keeps 00 00 0x out of real units.
        unit[i] = (byte) (i % 2 == 0 ? 0x41 + random.nextInt(9) : random.nextInt(2));
      }
      unit[unit.length - 1] = (byte) 0x80;
      List<ByteBuffer> units = List.of(ByteBuffer.wrap(unit), hex("09f0"), ByteBuffer.wrap(unit));

      ByteBuffer annexB = NalUnits.joinAnnexB(units);
      ByteBuffer prefixed = NalUnits.joinLengthPrefixed(units);

      assertThat(NalUnits.splitAnnexB(annexB)).isEqualTo(units);
      assertThat(NalUnits.splitLengthPrefixed(prefixed, 4)).isEqualTo(units);
      assertThat(NalUnits.isAnnexB(annexB)).isTrue();
      assertThat(NalUnits.isAnnexB(prefixed)).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({"80, 0", "40, 1", "60, 2", "20, 3", "38, 6", "08, 15"})
  void exponentialGolombIsRead(String bits, long value) throws Exception {
    assertThat(BitReader.of(hex(bits + "00"), "test").ue()).isEqualTo(value);
    assertThat(BitReader.of(hex(bits + "00"), "test").se())
        .isEqualTo(value % 2 == 1 ? (value + 1) / 2 : -value / 2);
  }

  @Test
  void bitsBeyondTheEndAreRefused() throws Exception {
    BitReader in = BitReader.of(hex("ff00"), "test");

    assertThat(in.bits(9)).isEqualTo(0x1fe);
    assertThat(in.left()).isEqualTo(7);
    assertThatThrownBy(() -> in.bits(8))
        .isInstanceOf(MalformedMedia.class)
        .hasMessage("test ends early at byte 1 in test");
    assertThatThrownBy(() -> BitReader.of(ByteBuffer.allocate(9), "test").ue())
        .isInstanceOf(MalformedMedia.class)
        .hasMessageContaining("more than 32 bits");
    assertThat(BitReader.ofNal(hex("0000030000030001"), "test").left()).isEqualTo(6 * 8);
  }
}
