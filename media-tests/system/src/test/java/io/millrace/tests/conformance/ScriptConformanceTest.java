package io.millrace.tests.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.tests.process.SecureServer;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scenario through AWS's clients for Python and JavaScript, on machines that have them. */
class ScriptConformanceTest {
  @TempDir static Path folder;
  private static SecureServer server;
  private static ScriptClients clients;

  @BeforeAll
  static void start() {
    server = SecureServer.start(folder.resolve("data"), Scenario.SERVER_OPTIONS);
    clients = new ScriptClients(folder);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void boto3() throws Exception {
    String python = ScriptClients.python().orElse("");
    assumeTrue(!python.isEmpty(), "no Python with a boto3 of 2025 or later");
    try (ConformanceClient plain = clients.boto3(python, server.http());
        ConformanceClient tls = clients.boto3(python, server.https())) {
      checkBoto3(plain, "boto3-http");
      checkBoto3(tls, "boto3-https");
    }
  }

  private static void checkBoto3(ConformanceClient client, String run) throws Exception {
    Scenario.Report report = Scenario.run(server.server(), client, run, false);
    assertThat(report.complaints()).as(run).isEmpty();
    assertThat(report.unknown()).as(run).isEmpty();
    assertThat(report.served()).as(run).contains("SubscribeToShard", "ListTagsForResource");
  }

  @Test
  void javaScript() throws Exception {
    assumeTrue(ScriptClients.hasJs(), "no node with the SDK for JavaScript");
    try (ConformanceClient plain = clients.js(server.http());
        ConformanceClient tls = clients.js(server.https())) {
      checkJs(plain, "js-http");
      checkJs(tls, "js-https");
    }
  }

  private static void checkJs(ConformanceClient client, String run) throws Exception {
    Scenario.Report report = Scenario.run(server.server(), client, run, true);
    assertThat(report.complaints()).as(run).isEmpty();
    assertThat(report.unknown()).as(run).isEmpty();
    // Channels can be named but not made here.
    Set<String> served = new TreeSet<>(Scenario.operations().keySet());
    served.removeAll(Set.of("CreateChannel", "DescribeChannel", "UpdateChannel", "DeleteChannel"));
    assertThat(report.served()).as(run).isEqualTo(served);
  }
}
