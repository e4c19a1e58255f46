package io.millrace.datastreams.fault;

import static io.millrace.datastreams.server.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.datastreams.capacity.CapacitySettings;
import io.millrace.datastreams.control.ControlSettings;
import io.millrace.datastreams.server.TestStreams;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;

/** Faults as tests of client programs ask for them. */
class FaultPlanTest {

  private static void put(KinesisClient client, String fault) {
    client.putRecord(
        r ->
            r.streamName("s")
                .partitionKey("k")
                .data(SdkBytes.fromUtf8String("x"))
                .overrideConfiguration(o -> o.putHeader(FaultPlan.HEADER, fault)));
  }

  @Test
  void aHeaderMakesOneCallFail() throws Exception {
    try (TestStreams server = new TestStreams(TestStreams.unlimited())) {
      KinesisClient client = server.client();
      client.createStream(r -> r.streamName("s").shardCount(1));
      assertRefused(
          () -> put(client, "throttle"), "ProvisionedThroughputExceededException", "injected");
      assertRefused(() -> put(client, "error"), "InternalFailure", "Internal Service Failure");
      assertRefused(() -> put(client, "unavailable"), "ServiceUnavailableException", "injected");
      assertRefused(() -> put(client, "expired-iterator"), "ExpiredIteratorException", "injected");
      assertRefused(() -> put(client, "nonsense"), "InvalidArgumentException", "nonsense");
      long began = System.nanoTime();
      put(client, "latency=300");
      assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(300_000_000L);
    }
  }

  @Test
  void someRecordsOfACallFailAndTheOthersKeepTheirPlaces() throws Exception {
    try (TestStreams server = new TestStreams(TestStreams.unlimited())) {
      KinesisClient client = server.client();
      client.createStream(r -> r.streamName("s").shardCount(1));
      PutRecordsResponse answer =
          client.putRecords(
              r ->
                  r.streamName("s")
                      .records(
                          IntStream.range(0, 200)
                              .mapToObj(
                                  i ->
                                      PutRecordsRequestEntry.builder()
                                          .partitionKey("k" + i)
                                          .data(SdkBytes.fromUtf8String("x"))
                                          .build())
                              .toList())
                      .overrideConfiguration(o -> o.putHeader(FaultPlan.HEADER, "partial=0.5")));
      long failed = answer.records().stream().filter(r -> r.errorCode() != null).count();
      assertThat(answer.records()).hasSize(200);
      assertThat(answer.failedRecordCount()).isEqualTo((int) failed).isBetween(50, 150);
    }
  }

  @Test
  void aPlanMakesCallsOfAnOperationFailUntilItIsEnded() throws Exception {
    try (TestStreams server = new TestStreams(TestStreams.unlimited())) {
      KinesisClient client = server.client();
      assertThat(
              server
                  .send("PUT", "/v1/faults/CreateStream?fault=throttle&chance=1", "")
                  .statusCode())
          .isEqualTo(204);
      assertRefused(
          () -> client.createStream(r -> r.streamName("s").shardCount(1)),
          "LimitExceededException",
          "injected");
      assertThat(server.send("GET", "/v1/faults", "").body()).contains("CreateStream", "THROTTLE");
      assertThat(server.send("DELETE", "/v1/faults", "").statusCode()).isEqualTo(204);
      client.createStream(r -> r.streamName("s").shardCount(1));
      assertThat(server.send("PUT", "/v1/faults/X?fault=throttle&chance=2", "").statusCode())
          .isEqualTo(400);
    }
  }

  @Test
  void faultsAreOffUnlessAllowed() throws Exception {
    try (TestStreams server =
        new TestStreams(
            TestStreams.with(CapacitySettings.UNLIMITED, ControlSettings.unlimited(4), false))) {
      KinesisClient client = server.client();
      client.createStream(r -> r.streamName("s").shardCount(1));
      put(client, "throttle");
      assertThat(server.send("PUT", "/v1/faults/X?fault=throttle", "").statusCode()).isEqualTo(400);
    }
  }
}
