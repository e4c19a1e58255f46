package io.millrace.tests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.tests.trial.KillTrial;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kill trial, shortened: {@code ./millrace trial kills} is the long one. */
class KillTest {
  @TempDir Path data;

  @Test
  void everyAcknowledgedFragmentSurvivesSigkill() throws Exception {
    long seed = Long.getLong("simulation.seed", System.nanoTime());
    System.out.println("seed " + seed);
    KillTrial.Report report = KillTrial.run(data, 5, 4, seed);
    assertThat(report.acknowledged()).isGreaterThan(20);
    assertThat(report.stored()).isGreaterThanOrEqualTo(report.acknowledged());
  }
}
