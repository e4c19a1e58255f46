package io.millrace.api.logging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogLineTest {
  @Test
  void writesPairs() {
    assertThat(LogLine.of("request_failed").with("status", 404).with("none", null).toString())
        .isEqualTo("request_failed status=404");
  }

  @Test
  void quotesWhatCouldBeMistaken() {
    assertThat(LogLine.of("e").with("m", "a b").with("x", "k=v").with("y", "").toString())
        .isEqualTo("e m=\"a b\" x=\"k=v\" y=\"\"");
  }

  @Test
  void clientsCannotForgeLines() {
    assertThat(LogLine.of("e").with("m", "x\nrequest_failed \"q\" \\ \u2028\u0085").toString())
        .isEqualTo("e m=\"x\\u000arequest_failed \\\"q\\\" \\\\ \\u2028\\u0085\"");
  }

  @Test
  void cutsLongValues() {
    String longest = "a".repeat(LogLine.MAX_VALUE_LENGTH);
    assertThat(LogLine.of("e").with("m", longest).toString()).isEqualTo("e m=" + longest);
    assertThat(LogLine.of("e").with("m", longest + "b").toString())
        .isEqualTo("e m=\"" + longest + "…\"");
  }
}
