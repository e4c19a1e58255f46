package io.millrace.tests.kcl;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.tests.process.ServerProcess;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The trial {@code kcl}, shortened: one worker, our leases, shards reshaped while it reads. */
class KclTest {
  @Test
  void aWorkerSeesEverythingInOrder(@TempDir Path folder) throws Exception {
    try (ServerProcess server = ServerProcess.start(folder.resolve("data"))) {
      KclRun run =
          new KclRun(
              server.endpoint(),
              server.endpoint(),
              folder.resolve("kcl"),
              "fan-out",
              1,
              100,
              50,
              Duration.ofSeconds(100));
      assertThat(run.run()).contains("2000 records of 20 keys");
    }
  }
}
