package io.millrace.tests.bench;

import io.millrace.tests.process.Programs;
import io.millrace.tests.trial.RecoveryTrial;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Time from process start to ready with logs of several sizes; the empty log is the floor. */
final class RecoveryBench implements Bench {
  @Override
  public String purpose() {
    return "seconds from process start to ready, after kill -9 and after a clean stop, by log size";
  }

  @Override
  public void run(Table table) throws Exception {
    table.head("log MB", "ready after kill -9, s", "ready after SIGTERM, s");
    for (int megabytes : List.of(10, 1000, 10_000)) {
      Path folder = Files.createTempDirectory(Path.of("").toAbsolutePath(), "bench-recovery");
      try {
        RecoveryTrial.Report report = RecoveryTrial.run(folder.resolve("data"), megabytes);
        table.row(
            megabytes, report.afterKill().toMillis() / 1e3, report.afterStop().toMillis() / 1e3);
      } finally {
        Programs.run("rm", "-rf", folder.toString());
      }
    }
  }
}
