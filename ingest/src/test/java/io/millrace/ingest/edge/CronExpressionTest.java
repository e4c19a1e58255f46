package io.millrace.ingest.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expressions as the manual of the Quartz scheduler explains them. */
class CronExpressionTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 0 12 * * ?             | 2026-11-21T12:00:00
          0 15 10 ? * MON-FRI      | 2026-11-20T10:15:00
          0 15 10 L * ?            | 2026-02-28T10:15:00
          0 15 10 L-2 * ?          | 2026-11-28T10:15:00
          0 15 10 ? * 6L           | 2026-11-27T10:15:00
          0 15 10 ? * 6#3          | 2026-11-20T10:15:00
          0 15 10 LW * ?           | 2026-10-30T10:15:00
          0 15 10 15W * ?          | 2026-11-16T10:15:00
          0 15 10 1W * ?           | 2026-08-03T10:15:00
          0 0/5 14,18 * * ?        | 2026-11-21T18:35:00
          0 11 11 11 NOV ?         | 2026-11-11T11:11:00
          0 0 12 ? * FRI-MON       | 2026-11-22T12:00:00
          0 0 22-2 ? * *           | 2026-11-22T01:00:00
          */20 * * ? * L           | 2026-11-21T08:07:40
          0 0 12 1/5 * ? 2026-2027 | 2026-11-21T12:00:00
          """)
  void firesThen(String text, LocalDateTime time) {
    CronExpression expression = CronExpression.parse(text);
    assertThat(expression.firesWithin(time.minusSeconds(1), time)).isTrue();
    assertThat(expression.firesWithin(time, time.plusSeconds(1))).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 15 10 ? * MON-FRI   | 2026-11-21T10:15:00
          0 15 10 ? * 6#3       | 2026-11-27T10:15:00
          0 15 10 ? * 6L        | 2026-11-20T10:15:00
          0 15 10 31W * ?       | 2026-11-30T10:15:00
          0 15 10 L-2 * ?       | 2026-11-30T10:15:00
          0 0 12 ? * FRI-MON    | 2026-11-24T12:00:00
          0 0 12 * * ? 2025     | 2026-11-21T12:00:00
          0 0 12 ? FEB *        | 2026-11-21T12:00:00
          """)
  void doesNotFireThen(String text, LocalDateTime time) {
    assertThat(CronExpression.parse(text).firesWithin(time.minusSeconds(1), time)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 0 12 * *               | six or seven
          0 0 12 * * ? 2026 x      | six or seven
          0 0 12 * * *             | only one
          0 0 12 ? * ?             | only one
          60 0 12 * * ?            | second has '60' where a value from 0 to 59
          0 0 24 * * ?             | hour has '24'
          0 0 12 32 * ?            | day of the month has '32'
          0 0 12 ? * 8             | day of the week has '8'
          0 0 12 ? * ANE           | day of the week has 'ANE'
          0 0 12 ? * MON#6         | week of the month has '6'
          0 0/0 12 * * ?           | minute has '0' where a value from 1 to 60
          0 0 12 , * ?             | day of the month has ''
          0 0 12 * 13 ?            | month has '13'
          0 0 12 * * ? 1969        | year has '1969'
          every day at noon         | six or seven
          """)
  void saysWhatIsWrong(String text, String complaint) {
    assertThatThrownBy(() -> CronExpression.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(complaint);
  }

  @Test
  void aScheduleCoversFromEachTimeOnForItsDuration() {
    Schedule schedule =
        new Schedule(CronExpression.parse("0 30 23 * * ?"), Duration.ofSeconds(3600));
    assertThat(covers(schedule, "2026-11-21T23:29:59Z")).isFalse();
    assertThat(covers(schedule, "2026-11-21T23:30:00Z")).isTrue();
    assertThat(covers(schedule, "2026-11-22T00:29:59.999Z")).isTrue();
    assertThat(covers(schedule, "2026-11-22T00:30:00Z")).isFalse();
    assertThat(schedule.covers(Instant.parse("2026-11-21T22:45:00Z"), ZoneId.of("Europe/Berlin")))
        .isTrue();
  }

  private static boolean covers(Schedule schedule, String instant) {
    return schedule.covers(Instant.parse(instant), ZoneOffset.UTC);
  }
}
