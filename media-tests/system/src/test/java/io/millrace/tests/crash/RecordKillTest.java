package io.millrace.tests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.tests.trial.RecordKillTrial;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kill trial of records, shortened: {@code ./millrace trial record-kills} is the long one. */
class RecordKillTest {
  @TempDir Path data;

  @Test
  void everyAcknowledgedRecordSurvivesSigkillInOrder() throws Exception {
    long seed = Long.getLong("simulation.seed", System.nanoTime());
    System.out.println("seed " + seed);
    RecordKillTrial.Report report = RecordKillTrial.run(data, 4, 4, seed);
    assertThat(report.acknowledged()).isGreaterThan(100);
    assertThat(report.stored()).isGreaterThanOrEqualTo(report.acknowledged());
    assertThat(report.shards()).isGreaterThan(3);
  }
}
