package io.millrace.tests.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cameras whose packets get lost, overtake each other and stall, and that begin anew. */
class LossyNetworkTest {
  private static final NetworkTrial.Weather BAD =
      new NetworkTrial.Weather(8, 0.02, 200, Duration.ofSeconds(3), Duration.ofSeconds(2));

  @TempDir Path folder;

  @Test
  void whatIsMissingEqualsWhatTheTimelineSays() throws Exception {
    long seed = System.nanoTime();
    List<Accounting.Report> reports = NetworkTrial.run(folder, BAD, seed);
    assertThat(reports).hasSize(2);
    for (Accounting.Report report : reports) {
      assertThat(report.complaints()).as("seed %d: %s", seed, report).isEmpty();
      assertThat(report.stored() + report.inHoles()).as("%s", report).isEqualTo(report.sent());
      assertThat(report.stored()).as("%s", report).isGreaterThan(report.sent() / 3);
      assertThat(report.holes()).as("%s", report).containsKeys("packet-loss", "connection-lost");
    }
  }
}
