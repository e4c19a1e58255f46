package io.millrace.server.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClockCodeTest {
  private static final int WIDTH = 640;
  private static final int HEIGHT = 360;

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 1_795_229_158_880L, (1L << 42) - 1})
  void whatIsDrawnCanBeRead(long epochMillis) {
    byte[] luma = new byte[WIDTH * HEIGHT];
    ClockCode.draw(luma, WIDTH, HEIGHT, epochMillis);
    long cells = 0;
    for (int cell = 0; cell < ClockCode.CELLS; cell++) {
      int x = (2 * cell + 1) * WIDTH / (2 * ClockCode.CELLS);
      cells = cells << 1 | ((luma[5 * WIDTH + x] & 0xFF) > 128 ? 1 : 0);
    }
    assertThat(ClockCode.millis(cells)).isEqualTo(epochMillis);
  }

  @Test
  void aFlippedCellIsNoticed() {
    long cells = ClockCode.cells(1_795_229_158_880L);
    for (int bit = 0; bit < ClockCode.CELLS; bit++) {
      assertThat(ClockCode.millis(cells ^ 1L << bit)).as("bit " + bit).isEqualTo(-1);
    }
    assertThat(ClockCode.millis(0)).isEqualTo(-1);
  }

  @Test
  void timesBeyondTheCodeAreRefused() {
    assertThatThrownBy(() -> ClockCode.cells(1L << 42))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ClockCode.cells(-1)).isInstanceOf(IllegalArgumentException.class);
  }
}
