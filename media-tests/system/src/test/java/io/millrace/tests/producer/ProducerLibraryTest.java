package io.millrace.tests.producer;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.tests.process.SecureServer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * AWS's producer library, its daemon and its aggregates; the trial {@code kpl} is the long form.
 */
class ProducerLibraryTest {
  private static final int COUNT = 20_000;

  @TempDir Path folder;

  @Test
  void everyUserRecordArrivesWhileShardsAreReshaped() throws Exception {
    try (SecureServer server =
        SecureServer.start(
            folder.resolve("data"), List.of("--set", "data-streams.limits=unlimited"))) {
      ProducerRun.Report report = ProducerRun.run(server, folder, COUNT);
      assertThat(report.failures()).isEmpty();
      assertThat(report.confirmed()).isEqualTo(COUNT);
      assertThat(report.missing()).as(report.toString()).isZero();
      assertThat(report.repeatedUnasked()).as(report.toString()).isZero();
      assertThat(report.aggregates()).as(report.toString()).isPositive();
      // While it looks for the shards anew it sends records one by one.
      assertThat(report.records()).as(report.toString()).isLessThan(COUNT / 2);
      assertThat(report.shards()).isGreaterThan(4);
    }
  }
}
