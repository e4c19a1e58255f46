package io.millrace.tests.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.tests.process.SecureServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The scenario through AWS's clients for Java, in both formats, over every transport. */
class ConformanceTest {
  /** Younger than the SDKs for Java that resolve together with the rest. */
  private static final Set<String> NEWEST =
      Set.of(
          "CreateChannel",
          "DeleteChannel",
          "DescribeChannel",
          "ListChannels",
          "UpdateChannel",
          "UpdateStreamRecordDistributionStrategy");

  /** Added after the SDK for Java 1 stopped growing. */
  private static final Set<String> FIRST_LACKS =
      Set.of(
          "CreateStream.Tags",
          "DescribeAccountSettings",
          "ListTagsForResource",
          "SubscribeToShard",
          "TagResource",
          "UntagResource",
          "UpdateAccountSettings",
          "UpdateMaxRecordSize",
          "UpdateStreamWarmThroughput");

  @TempDir static Path data;
  private static SecureServer server;

  @BeforeAll
  static void start() {
    server = SecureServer.start(data, Scenario.SERVER_OPTIONS);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @FunctionalInterface
  private interface Opening {
    ConformanceClient open(URI endpoint) throws Exception;
  }

  /** A client over a transport; operations it lacks beside the newest. */
  private record Way(String name, URI endpoint, Opening client, Set<String> lacks) {}

  @TestFactory
  Stream<DynamicTest> everyOperationByEveryClient() {
    URI http = server.http();
    URI https = server.https();
    Set<String> none = Set.of();
    Set<String> streams = Set.of("SubscribeToShard");
    Opening sync = at -> SdkClient.of(SdkClients.sync(at));
    Opening async = at -> SdkClient.of(SdkClients.asyncAsItComes(at));
    return Stream.of(
            new Way("sdk-2-sync-http1-cbor", http, sync, streams),
            new Way("sdk-2-sync-http1-json", http, inJson(sync), streams),
            new Way("sdk-2-sync-tls-cbor", https, sync, streams),
            new Way("sdk-2-async-h2c-cbor", http, async, none),
            new Way("sdk-2-async-h2c-json", http, inJson(async), none),
            new Way("sdk-2-async-tls-cbor", https, async, none),
            new Way("sdk-2-async-tls-json", https, inJson(async), none),
            new Way(
                "sdk-2-async-alpn-cbor",
                https,
                at -> SdkClient.of(SdkClients.asyncNegotiating(at)),
                none),
            new Way(
                "sdk-2-async-http1-cbor",
                http,
                at -> SdkClient.of(SdkClients.asyncHttp1(at)),
                none),
            new Way("sdk-1-http1-cbor", http, FirstSdkClient::new, FIRST_LACKS))
        .map(way -> DynamicTest.dynamicTest(way.name(), () -> run(way)));
  }

  /** Both SDKs look at this property with every request. */
  private static Opening inJson(Opening cbor) {
    return endpoint -> new JsonOnly(cbor.open(endpoint));
  }

  private record JsonOnly(ConformanceClient client) implements ConformanceClient {
    private static final String PROPERTY = "aws.cborEnabled";

    @Override
    public Answer call(String operation, ObjectNode in, int take) throws Exception {
      System.setProperty(PROPERTY, "false");
      try {
        return client.call(operation, in, take);
      } finally {
        System.clearProperty(PROPERTY);
      }
    }

    @Override
    public void close() {
      client.close();
    }
  }

  private static void run(Way way) throws Exception {
    try (ConformanceClient client = way.client().open(way.endpoint())) {
      Scenario.Report report = Scenario.run(server.server(), client, way.name(), false);
      assertThat(report.complaints()).isEmpty();
      assertThat(report.unknown()).isEqualTo(way.lacks());
      Set<String> served = new TreeSet<>(Scenario.operations().keySet());
      served.removeAll(NEWEST);
      served.removeAll(way.lacks());
      assertThat(report.served()).isEqualTo(served);
    }
  }

  @Test
  void theScenarioHasEveryOperationAndAnErrorOfEach() throws IOException {
    Map<String, Boolean> operations = Scenario.operations();
    assertThat(operations.keySet()).isEqualTo(kinesisOperations());
    Set<String> without =
        operations.entrySet().stream()
            .filter(operation -> !operation.getValue())
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    assertThat(without)
        .as("calls that cannot fail")
        .containsOnly("DescribeAccountSettings", "ListChannels");
  }

  private static Set<String> kinesisOperations() throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                ConformanceTest.class.getResourceAsStream(
                    "/io/millrace/api/operation/operations.tsv"),
                StandardCharsets.UTF_8))) {
      return lines
          .lines()
          .map(line -> line.split("\t"))
          .filter(fields -> fields[0].equals("kinesis"))
          .map(fields -> fields[1])
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }
}
