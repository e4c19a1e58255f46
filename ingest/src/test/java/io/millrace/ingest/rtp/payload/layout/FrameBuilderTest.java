package io.millrace.ingest.rtp.payload.layout;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class FrameBuilderTest {
  private static final int MAX_BYTES = 1 << 20;

  private final FrameBuilder builder = new FrameBuilder(MAX_BYTES, 10);

  private byte[] blockOf(int frameBytes) {
    builder.reset();
    builder.append(ByteBuffer.allocate(frameBytes), 0, frameBytes);
    assertThat(builder.fault()).isNull();
    assertThat(builder.view().remaining()).isEqualTo(frameBytes);
    return builder.view().array();
  }

  @Test
  void framesOfLikeSizeShareABlock() {
    byte[] block = blockOf(20_000);
    assertThat(blockOf(30_000)).isSameAs(block);
    assertThat(blockOf(100)).isSameAs(block);
  }

  @Test
  void theBlockOfALargeFrameIsGivenBackWhenThereAreNoMore() {
    assertThat(blockOf(MAX_BYTES)).hasSize(MAX_BYTES);
    byte[] block = blockOf(1000);
    for (int i = 0; i < 3000; i++) {
      block = blockOf(1000);
    }
    assertThat(block).hasSizeLessThan(10_000);
  }

  @Test
  void oneByteAboveTheLimitIsTooMany() {
    builder.reset();
    builder.append(ByteBuffer.allocate(MAX_BYTES), 0, MAX_BYTES);
    assertThat(builder.fault()).isNull();
    builder.append(0);
    assertThat(builder.fault()).isEqualTo("it has more than %d bytes".formatted(MAX_BYTES));
  }
}
