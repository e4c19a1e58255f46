package io.millrace.datastreams.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.datastreams.DataStreamsSettings;
import io.millrace.datastreams.server.ShardReader;
import io.millrace.datastreams.server.TestStreams;
import io.millrace.datastreams.stream.OpenStream;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.StreamMode;

/** A stream in ON_DEMAND mode under traffic, and after it. */
class StreamScalerTest {

  private static DataStreamsSettings settings() {
    DataStreamsSettings all = TestStreams.unlimited();
    // A shard is counted for one record a second, so that a few records are a flood.
    ScalingSettings scaling =
        new ScalingSettings(Duration.ofSeconds(1), 1 << 20, 1, 2, 0.8, 4, 16, Duration.ofHours(24));
    return new DataStreamsSettings(
        all.account(),
        all.capacity(),
        all.control(),
        all.put(),
        all.read(),
        all.fanOut(),
        scaling,
        all.maxBodyBytes(),
        false);
  }

  private static int openShards(KinesisClient client, String stream) {
    return client
        .describeStreamSummary(r -> r.streamName(stream))
        .streamDescriptionSummary()
        .openShardCount();
  }

  private static void flood(KinesisClient client, String stream) {
    client.putRecords(
        r ->
            r.streamName(stream)
                .records(
                    IntStream.range(0, 500)
                        .mapToObj(
                            i ->
                                PutRecordsRequestEntry.builder()
                                    .partitionKey("k" + i)
                                    .data(SdkBytes.fromUtf8String("x"))
                                    .build())
                        .toList()));
  }

  @Test
  void growsWithTrafficAndShrinksADayAfterItEnded() throws Exception {
    try (TestStreams server = new TestStreams(settings())) {
      KinesisClient client = server.client();
      client.createStream(
          r -> r.streamName("s").streamModeDetails(m -> m.streamMode(StreamMode.ON_DEMAND)));
      client.createStream(r -> r.streamName("fixed").shardCount(4));
      StreamScaler scaler = server.streams().scaler();
      scaler.run();
      flood(client, "s");
      flood(client, "fixed");
      scaler.run();
      await().untilAsserted(() -> assertThat(openShards(client, "s")).isEqualTo(8));
      OpenStream stream = server.streams().directory().find("s").orElseThrow();
      assertThat(scaler.hottestShard(stream)).isGreaterThan(1);
      flood(client, "s");
      scaler.run();
      await().untilAsserted(() -> assertThat(openShards(client, "s")).isEqualTo(16));
      assertThat(openShards(client, "fixed")).isEqualTo(4);

      int records =
          client.listShards(r -> r.streamName("s")).shards().stream()
              .mapToInt(shard -> ShardReader.readAll(client, "s", shard.shardId()).records().size())
              .sum();
      assertThat(records).isEqualTo(1000);

      server.advance(Duration.ofHours(20));
      scaler.run();
      assertThat(openShards(client, "s")).isEqualTo(16);
      server.advance(Duration.ofHours(10));
      for (int shards = 15; shards >= 4; shards--) {
        int expected = shards;
        scaler.run();
        await().untilAsserted(() -> assertThat(openShards(client, "s")).isEqualTo(expected));
      }
      scaler.run();
      assertThat(openShards(client, "s")).isEqualTo(4);
    }
  }
}
