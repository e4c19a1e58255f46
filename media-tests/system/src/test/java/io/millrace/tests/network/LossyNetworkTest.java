package io.millrace.tests.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The trial of the lossy network at short length; {@code -Dnetwork.seed=N} is another one. Many
 * more are simulated in {@code FeedSimulationTest}.
 */
class LossyNetworkTest {
  private static final NetworkTrial.Weather SHORT =
      new NetworkTrial.Weather(8, 0.01, 200, Duration.ofSeconds(2), Duration.ofMillis(2500));

  @TempDir private Path folder;

  @Test
  void whatIsMissingIsWhatTheTimelineSays() throws Exception {
    long seed = Long.getLong("network.seed", 1);
    List<Accounting.Report> reports = NetworkTrial.run(folder, SHORT, seed);
    assertThat(reports).hasSize(2);
    for (Accounting.Report report : reports) {
      assertThat(report.complaints()).as("seed %d: %s", seed, report).isEmpty();
      assertThat(report.stored() + report.inHoles()).as("seed %d", seed).isEqualTo(report.sent());
      assertThat(report.stored()).as("seed %d", seed).isGreaterThan(report.sent() / 3);
      assertThat(report.inHoles()).as("the outage alone, seed %d", seed).isGreaterThan(40);
      assertThat(report.holes()).containsKey("packet-loss").containsKey("connection-lost");
    }
  }
}
