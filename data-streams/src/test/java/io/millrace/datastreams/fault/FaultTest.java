package io.millrace.datastreams.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultTest {
  @Test
  void readsEveryWord() {
    assertThat(Fault.parse("throttle").failure()).contains(Fault.Failure.THROTTLE);
    assertThat(Fault.parse("error").failure()).contains(Fault.Failure.ERROR);
    assertThat(Fault.parse("unavailable").failure()).contains(Fault.Failure.UNAVAILABLE);
    assertThat(Fault.parse("expired-iterator").failure()).contains(Fault.Failure.EXPIRED_ITERATOR);
    Fault both = Fault.parse("latency=200, partial=0.5");
    assertThat(both.delay()).isEqualTo(Duration.ofMillis(200));
    assertThat(both.partial()).isEqualTo(0.5);
    assertThat(Fault.parse("latency=60000").delay()).isEqualTo(Fault.MAX_DELAY);
  }

  @Test
  void saysWhichWordIsWrong() {
    for (String text :
        List.of("nonsense", "latency", "latency=-1", "latency=60001", "partial=2", "partial=x")) {
      assertThatThrownBy(() -> Fault.parse(text))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(text.split("=")[0]);
    }
  }
}
