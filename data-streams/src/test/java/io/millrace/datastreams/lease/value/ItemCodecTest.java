package io.millrace.datastreams.lease.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.millrace.api.error.AwsException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Values of every type, their one form, and their bytes. */
class ItemCodecTest {
  private static Item sample() {
    SdkBytes bytes = SdkBytes.fromByteArray(new byte[] {-1, 0});
    return Item.of(
        ValueCheck.normal(
            Map.of(
                "s", AttributeValue.fromS("é\ud83d\ude00"),
                "n", AttributeValue.fromN("-1.50"),
                "b", AttributeValue.fromB(bytes),
                "yes", AttributeValue.fromBool(true),
                "null", AttributeValue.fromNul(true),
                "ss", AttributeValue.fromSs(List.of("b", "a")),
                "ns", AttributeValue.fromNs(List.of("10", "9")),
                "bs", AttributeValue.fromBs(List.of(bytes)),
                "m", AttributeValue.fromM(Map.of("no", AttributeValue.fromBool(false))),
                "l", AttributeValue.fromL(List.of()))));
  }

  @Test
  void everyTypeComesBack() {
    Item item = sample();
    assertThat(ItemCodec.decode(ItemCodec.encode(item))).isEqualTo(item);
    assertThat(item.get("ns").orElseThrow().ns()).containsExactly("9", "10");
    // Names 18, s 6, n 3 + sign, b 2, yes and null 1, ss 2, ns 2 + 2, bs 2, m 3 + 1 + 2 + 1, l 3.
    assertThat(item.sizeBytes()).isEqualTo(18 + 6 + 3 + 2 + 1 + 1 + 2 + 4 + 2 + 7 + 3);
  }

  @Test
  void otherBytesAreRefused() {
    byte[] bytes = ItemCodec.encode(sample());
    assertThatThrownBy(() -> ItemCodec.decode(Arrays.copyOf(bytes, bytes.length - 1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ItemCodec.decode(Arrays.copyOf(bytes, bytes.length + 1)))
        .hasMessageContaining("follows");
    bytes[0] = 2;
    assertThatThrownBy(() -> ItemCodec.decode(bytes)).hasMessageContaining("version 2");
  }

  static Stream<byte[]> items() {
    return Stream.of(ItemCodec.encode(sample()));
  }

  @MethodSource("items")
  @FuzzTest(maxDuration = "60s")
  void anyBytesAreAnItemOrRefused(byte[] bytes) {
    try {
      Item item = ItemCodec.decode(bytes);
      assertThat(ItemCodec.decode(ItemCodec.encode(item))).isEqualTo(item);
    } catch (IllegalArgumentException refused) {
      assertThat(refused).hasMessageStartingWith("not an item");
    }
  }

  @ParameterizedTest
  @CsvSource({"1.50,1.5", "1e3,1000", "-0.0,0", "0012,12", "1E-5,0.00001"})
  void equalNumbersHaveOneText(String given, String kept) {
    assertThat(ValueCheck.normal(AttributeValue.fromN(given)).n()).isEqualTo(kept);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9.9999999999999999999999999999999999999E125",
        "-9.9999999999999999999999999999999999999E125",
        "1E-130",
        "12345678901234567890123456789012345678"
      })
  void numbersUpToTheLimitAreKept(String given) {
    assertThat(ValueCheck.normal(AttributeValue.fromN(given)).n()).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1E126",
        "1E-131",
        "123456789012345678901234567890123456789",
        "x",
        "",
        "1E999999999",
        "NaN"
      })
  void numbersBeyondAreRefused(String given) {
    assertThatThrownBy(() -> ValueCheck.normal(AttributeValue.fromN(given)))
        .isInstanceOf(AwsException.class);
  }

  @Test
  void depthIsBounded() {
    AttributeValue value = AttributeValue.fromS("in");
    for (int i = 0; i < ValueCheck.MAX_DEPTH; i++) {
      value = AttributeValue.fromL(List.of(value));
    }
    AttributeValue deepest = value;
    assertThat(ValueCheck.normal(deepest)).isEqualTo(deepest);
    assertThatThrownBy(() -> ValueCheck.normal(AttributeValue.fromL(List.of(deepest))))
        .hasMessageContaining("Nesting");
  }

  @Test
  void halfASurrogatePairIsRefused() {
    assertThatThrownBy(() -> ValueCheck.normal(AttributeValue.fromS("\ud800")))
        .isInstanceOf(AwsException.class);
  }
}
