package io.millrace.media.opus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.media.track.MalformedMedia;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers and packets of Opus. */
class OpusConfigTest {
  private static ByteBuffer bytes(String hex) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
  }

  @Test
  void headersAreReadAsTheyAreWritten() throws Exception {
    OpusConfig mono = OpusConfig.parse(OpusConfig.build(1).view());
    assertThat(mono).isEqualTo(new OpusConfig(1, 0, 48_000, 0, bytes("00")));
    assertThat(OpusConfig.parse(OpusConfig.build(2).view()).channels()).isEqualTo(2);
    OpusConfig surround =
        OpusConfig.parse(
            bytes("4f70757348656164" + "0106380180bb0000ffff" + "01" + "0402" + "000401020305"));
    assertThat(surround).isEqualTo(new OpusConfig(6, 312, 48_000, -1, bytes("010402000401020305")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "4f70757348656164",
        "4f70757348656165" + "0101000080bb0000000000",
        "4f70757348656164" + "1101000080bb0000000000",
        "4f70757348656164" + "0100000080bb0000000000",
        "4f70757348656164" + "0103000080bb0000000000",
        "4f70757348656164" + "0102000080bb0000000001020100",
      })
  void otherBytesAreRefused(String hex) {
    assertThatThrownBy(() -> OpusConfig.parse(bytes(hex))).isInstanceOf(MalformedMedia.class);
  }

  /** First bytes and lengths from tables 2 and 4 of RFC 6716. */
  @ParameterizedTest
  @CsvSource({
    "00, 480",
    "08, 960",
    "10, 1920",
    "18, 2880",
    "60, 480",
    "68, 960",
    "80, 120",
    "f8, 960",
    "f9, 1920",
    "fa, 1920",
    "fb03, 2880",
    "fb86, 5760",
    "fb07, 0",
    "1b02, 5760",
    "1b03, 0",
    "fb, 0",
    "'', 0"
  })
  void packetsTellTheirLength(String hex, int samples) {
    assertThat(OpusConfig.samples(bytes(hex))).isEqualTo(samples);
  }
}
