package io.millrace.tests.trial;

import io.millrace.tests.conformance.ConformanceClient;
import io.millrace.tests.conformance.Scenario;
import io.millrace.tests.conformance.ScriptClients;
import io.millrace.tests.process.SecureServer;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * Every call of the conformance run through each client in another language, with what differed.
 */
public final class ClientsTrial {
  private ClientsTrial() {}

  /** Runs those that this machine has and returns a report in lines. */
  public static String run(Path folder) throws Exception {
    StringBuilder report = new StringBuilder();
    ScriptClients clients = new ScriptClients(folder);
    try (SecureServer server =
        SecureServer.start(folder.resolve("data"), Scenario.SERVER_OPTIONS)) {
      for (URI endpoint : List.of(server.http(), server.https())) {
        String python = ScriptClients.python().orElse("");
        if (!python.isEmpty()) {
          take(report, server, clients.boto3(python, endpoint), "boto3", endpoint, false);
        }
        if (ScriptClients.hasJs()) {
          take(report, server, clients.js(endpoint), "js", endpoint, true);
        }
        if (ScriptClients.hasCli()) {
          take(report, server, clients.cli(endpoint), "cli", endpoint, false);
        }
      }
    }
    return report.isEmpty() ? "no client here" : report.toString();
  }

  private static void take(
      StringBuilder report,
      SecureServer server,
      ConformanceClient client,
      String name,
      URI endpoint,
      boolean newest)
      throws Exception {
    String run = name + "-" + endpoint.getScheme();
    try (client) {
      Scenario.Report result = Scenario.run(server.server(), client, run, newest);
      report.append(run).append(": ").append(result.calls()).append(" calls, ");
      report.append(result.served().size()).append(" operations, not in this client ");
      report.append(result.unknown()).append(", different ").append(result.complaints());
      report.append(System.lineSeparator());
    }
  }
}
