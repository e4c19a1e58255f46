package io.millrace.ingest.putmedia;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.AwsException;
import io.millrace.ingest.fragmenter.FragmentRefused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProducerClockTest {
  @ParameterizedTest
  @CsvSource({
    "1700000000.005, 1700000000005000000",
    "1700000000.5, 1700000000500000000",
    "1700000000, 1700000000000000000",
    "2023-11-14T22:13:20.005Z, 1700000000005000000",
    "0, 0",
    "9000000000, 9000000000000000000"
  })
  void readsEveryFormProducersSend(String text, long nanos) {
    assertThat(ProducerClock.of("RELATIVE", text).producerTimeNanos(0)).isEqualTo(nanos);
  }

  @ParameterizedTest
  @ValueSource(strings = {"soon", "-1", "9000000001", "1e9", "1E999999999", "2300-01-01T00:00:00Z"})
  void refusesOtherForms(String text) {
    assertThatThrownBy(() -> ProducerClock.of("ABSOLUTE", text))
        .isInstanceOf(AwsException.class)
        .hasMessageContaining("x-amzn-producer-start-timestamp");
  }

  @Test
  void addsTheStartToRelativeTimecodesOnly() {
    assertThat(ProducerClock.of("RELATIVE", "10.5").producerTimeNanos(7))
        .isEqualTo(10_500_000_007L);
    assertThat(ProducerClock.of("ABSOLUTE", "10.5").producerTimeNanos(7)).isEqualTo(7);
    assertThat(ProducerClock.of("ABSOLUTE", null).producerTimeNanos(7)).isEqualTo(7);
  }

  @Test
  void refusesTimesNobodyCanMean() {
    ProducerClock clock = ProducerClock.of("RELATIVE", "8999999999");
    assertThat(clock.producerTimeNanos(1_000_000_000L)).isEqualTo(9_000_000_000_000_000_000L);
    assertThatThrownBy(() -> clock.producerTimeNanos(1_000_000_001L))
        .isInstanceOf(FragmentRefused.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "absolute", "NONE"})
  void wantsATimecodeType(String type) {
    assertThatThrownBy(() -> ProducerClock.of(type.isEmpty() ? null : type, null))
        .isInstanceOf(AwsException.class)
        .hasMessageContaining("ABSOLUTE");
  }
}
