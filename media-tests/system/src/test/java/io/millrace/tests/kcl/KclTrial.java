package io.millrace.tests.kcl;

import io.millrace.tests.process.ServerProcess;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Three workers in processes of their own, polling and then subscribed; the first is killed and
 * shards are split and merged meanwhile. Every record is seen, in order per key.
 */
public final class KclTrial {
  private KclTrial() {}

  /**
   * Runs it.
   *
   * @param folder for data and logs
   * @param tables where leases are kept; the server itself when absent
   * @return what was seen
   */
  public static String run(Path folder, Optional<URI> tables) throws Exception {
    StringBuilder report = new StringBuilder();
    for (String mode : new String[] {"polling", "fan-out"}) {
      try (ServerProcess server = ServerProcess.start(folder.resolve("data-" + mode))) {
        KclRun run =
            new KclRun(
                server.endpoint(),
                tables.orElse(server.endpoint()),
                folder.resolve(mode),
                mode,
                3,
                1000,
                50,
                Duration.ofMinutes(4));
        report.append(run.run()).append('\n');
      }
    }
    return report.toString();
  }
}
