package io.millrace.datastreams.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SequenceNumberTest {

  @Test
  void hasTheLayoutThatKclTakesApart() {
    SequenceNumber number =
        new SequenceNumber(1_763_700_000L, 0x1234_5678_9abcL, 1_763_700_123L, 17);
    BigInteger value = number.toBigInteger();
    assertThat(value.bitLength()).isEqualTo(186);
    assertThat(value.shiftRight(184).intValue()).isEqualTo(2);
    // KCL's SequenceNumberValidator: bits 4 to 35 are the shard.
    assertThat(value.shiftRight(4).and(BigInteger.valueOf(0xffff_ffffL)).intValue()).isEqualTo(17);
    String hex = value.toString(16);
    assertThat(hex).hasSize(47);
    assertThat(hex)
        .isEqualTo(
            "2%09x%x%016x00%09x%08x2"
                .formatted(1_763_700_000L, 17 & 0xf, 0x1234_5678_9abcL, 1_763_700_123L, 17));
    assertThat(number.toString()).hasSize(56).startsWith("49");
  }

  @Test
  void readsBackWhatItWrites() {
    Random random = new Random(11);
    for (int i = 0; i < 5000; i++) {
      SequenceNumber number =
          new SequenceNumber(
              random.nextLong(1L << 36),
              random.nextLong(Long.MAX_VALUE),
              random.nextLong(1L << 36),
              random.nextInt(Integer.MAX_VALUE));
      assertThat(number.toString()).isEqualTo(number.toBigInteger().toString());
      assertThat(SequenceNumber.parse(number.toString())).isEqualTo(number);
    }
    SequenceNumber last = new SequenceNumber(5, SequenceNumber.LAST_INDEX, 6, 7);
    assertThat(SequenceNumber.parse(last.toString())).isEqualTo(last);
  }

  @Test
  void risesWithTheIndexWhateverTheClockSays() {
    SequenceNumber first = new SequenceNumber(100, 1, 9000, 3);
    SequenceNumber second = new SequenceNumber(100, 2, 1000, 3);
    assertThat(second.toBigInteger()).isGreaterThan(first.toBigInteger());
  }

  @Test
  void refusesOtherNumbers() {
    for (String text :
        List.of("", "0", "7", "-1", "x", "1".repeat(56), "9".repeat(129), "9".repeat(130))) {
      assertThatThrownBy(() -> SequenceNumber.parse(text))
          .as(text)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
