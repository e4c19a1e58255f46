package io.millrace.playback.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.AwsException;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class WantedTimeTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.5Z");

  private static WantedTime parse(String text) {
    return WantedTime.parse("at", text, NOW);
  }

  private static WantedTime at(String instant) {
    return new WantedTime.At(Nanos.of(Instant.parse(instant)));
  }

  @Test
  void everyForm() {
    assertThat(parse("now")).isEqualTo(new WantedTime.Newest());
    assertThat(parse("now-0s")).isEqualTo(at("2026-03-01T12:00:00.5Z"));
    assertThat(parse("now-1500ms")).isEqualTo(at("2026-03-01T11:59:59Z"));
    assertThat(parse("now-90m")).isEqualTo(at("2026-03-01T10:30:00.5Z"));
    assertThat(parse("now-2h")).isEqualTo(at("2026-03-01T10:00:00.5Z"));
    assertThat(parse("1772366400")).isEqualTo(at("2026-03-01T12:00:00Z"));
    assertThat(parse("1772366400.123456789")).isEqualTo(at("2026-03-01T12:00:00.123456789Z"));
    assertThat(parse("2026-03-01T13:00:00.04+01:00")).isEqualTo(at("2026-03-01T12:00:00.04Z"));
    assertThat(parse("99999999999")).isEqualTo(new WantedTime.At(Long.MAX_VALUE));
  }

  @Test
  void everythingElseIsRefusedInWords() {
    for (String bad :
        List.of("", "now-", "now-1", "now+1s", "now-1d", "-1", "1e9", "yesterday", "2026-03-01")) {
      assertThatThrownBy(() -> parse(bad))
          .as(bad)
          .isInstanceOf(AwsException.class)
          .hasMessageContaining("at must be");
    }
    Random random = new Random(11);
    String letters = "now-+0123456789.smhTZ:eE ";
    for (int i = 0; i < 5_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(24); n > 0; n--) {
        text.append(letters.charAt(random.nextInt(letters.length())));
      }
      try {
        parse(text.toString());
      } catch (AwsException e) {
        assertThat(e.clientMessage()).isNotEmpty();
      }
    }
  }

  @Test
  void instantsBeyondNanosecondsAreHeld() {
    assertThat(Nanos.of(Instant.MAX))
        .isGreaterThan(Nanos.of(Instant.parse("2262-01-01T00:00:00Z")));
    assertThat(Nanos.of(Instant.MIN)).isLessThan(0);
    assertThat(Nanos.toInstant(Nanos.of(NOW))).isEqualTo(NOW);
  }
}
