package io.millrace.tests.producer;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.MoreExecutors;
import io.millrace.tests.process.SecureServer;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.ScalingType;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.kinesis.producer.Attempt;
import software.amazon.kinesis.producer.KinesisProducer;
import software.amazon.kinesis.producer.KinesisProducerConfiguration;
import software.amazon.kinesis.producer.UserRecordFailedException;
import software.amazon.kinesis.producer.UserRecordResult;

/**
 * Numbered user records through the producer library over TLS into a stream that is scaled up and
 * down meanwhile, then everything read back, opened and counted.
 */
public final class ProducerRun {
  private static final String STREAM = "produced";
  private static final int SHARDS = 4;

  /** AWS's limits for producers; readers are not held up. */
  public static final List<String> LIMITS =
      List.of(
          "--set",
          "data-streams.shard-read-calls=100000",
          "--set",
          "data-streams.shard-read=1 GiB");

  private static final int RECORD_BYTES = 100;
  private static final int OUTSTANDING = 20_000;
  private static final int KEYS = 1000;
  private static final StaticCredentialsProvider ANY =
      StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test"));

  private final int count;
  private final KinesisClient client;
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final BitSet retried;
  private final Semaphore room = new Semaphore(OUTSTANDING);

  /**
   * What came out.
   *
   * @param confirmed user records the library says are written
   * @param failures what it says of the others
   * @param records stored records, aggregates among them
   * @param missing user records that no consumer would see
   * @param repeated user records a consumer would see more than once
   * @param repeatedUnasked of these, how many the library never sent twice
   * @param outside user records in a shard that is not theirs, which consumers drop; the library
   *     sends them again
   * @param seconds from the first record to the last confirmation
   */
  public record Report(
      int confirmed,
      List<String> failures,
      int records,
      int aggregates,
      int missing,
      int repeated,
      int repeatedUnasked,
      int outside,
      int shards,
      double seconds) {}

  private ProducerRun(int count, SecureServer server) {
    this.count = count;
    this.retried = new BitSet(count);
    this.client =
        KinesisClient.builder()
            .endpointOverride(server.http())
            .region(Region.US_EAST_1)
            .credentialsProvider(ANY)
            .httpClient(UrlConnectionHttpClient.create())
            .overrideConfiguration(o -> o.retryStrategy(r -> r.maxAttempts(10)))
            .build();
  }

  /**
   * Runs it.
   *
   * @param folder for the library's daemon
   */
  public static Report run(SecureServer server, Path folder, int count) throws Exception {
    ProducerRun run = new ProducerRun(count, server);
    try (KinesisClient client = run.client) {
      client.createStream(r -> r.streamName(STREAM).shardCount(SHARDS));
      long began = System.nanoTime();
      KinesisProducer producer = new KinesisProducer(configuration(server, folder));
      try {
        run.produce(producer);
        awaitMetrics(server);
      } finally {
        producer.destroy();
      }
      return run.read((System.nanoTime() - began) / 1e9);
    }
  }

  private static KinesisProducerConfiguration configuration(SecureServer server, Path folder) {
    return new KinesisProducerConfiguration()
        .setKinesisEndpoint(server.https().getHost())
        .setKinesisPort(server.https().getPort())
        .setCloudwatchEndpoint(server.https().getHost())
        .setCloudwatchPort(server.https().getPort())
        .setVerifyCertificate(false)
        .setRegion("us-east-1")
        .setCredentialsProvider(ANY)
        .setMetricsLevel("detailed")
        .setMetricsUploadDelay(1000)
        .setRecordTtl(TimeUnit.MINUTES.toMillis(10))
        .setTempDirectory(folder.toString());
  }

  private void produce(KinesisProducer producer) throws InterruptedException {
    // It aggregates once it has the list of shards, which the first record makes it fetch.
    room.acquire();
    add(producer, 0);
    producer.flush();
    room.acquire(OUTSTANDING);
    room.release(OUTSTANDING);
    for (int number = 1; number < count; number++) {
      if (number == count / 3) {
        scale(SHARDS * 2);
      } else if (number == count / 3 * 2) {
        scale(SHARDS + 1);
      }
      room.acquire();
      add(producer, number);
    }
    producer.flush();
    room.acquire(OUTSTANDING);
  }

  /** The library tells CloudWatch what it did; it is sent to this server, which shows it. */
  private static void awaitMetrics(SecureServer server) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> server.server().get("/metrics").body().contains("metric=\"UserRecordsPut\""));
  }

  private void scale(int shards) {
    client.updateShardCount(
        r ->
            r.streamName(STREAM).targetShardCount(shards).scalingType(ScalingType.UNIFORM_SCALING));
  }

  private void add(KinesisProducer producer, int number) {
    ByteBuffer data = ByteBuffer.allocate(RECORD_BYTES).putInt(0, number);
    Futures.addCallback(
        producer.addUserRecord(STREAM, "key-" + number % KEYS, data),
        new FutureCallback<UserRecordResult>() {
          @Override
          public void onSuccess(UserRecordResult result) {
            note(number, result);
            room.release();
          }

          @Override
          public void onFailure(Throwable failure) {
            failures.add(
                failure instanceof UserRecordFailedException told
                    ? told.getResult().getAttempts().stream()
                        .map(Attempt::getErrorMessage)
                        .toList()
                        .toString()
                    : failure.toString());
            room.release();
          }
        },
        MoreExecutors.directExecutor());
  }

  private void note(int number, UserRecordResult result) {
    if (result.getAttempts().size() > 1) {
      synchronized (retried) {
        retried.set(number);
      }
    }
  }

  /** Reads as consumers do: of aggregates only what belongs to the shard. */
  private Report read(double seconds) throws Exception {
    int[] seen = new int[count];
    Map<String, Integer> sums = new HashMap<>();
    List<Shard> shards = client.listShards(r -> r.streamName(STREAM)).shards();
    for (Shard shard : shards) {
      readShard(shard, seen, sums);
    }
    int missing = 0;
    int repeated = 0;
    int unasked = 0;
    for (int number = 0; number < count; number++) {
      missing += seen[number] == 0 ? 1 : 0;
      repeated += seen[number] > 1 ? 1 : 0;
      unasked += seen[number] > 1 && !retried.get(number) ? 1 : 0;
    }
    return new Report(
        count - failures.size(),
        failures.stream().distinct().limit(5).toList(),
        sums.getOrDefault("records", 0),
        sums.getOrDefault("aggregates", 0),
        missing,
        repeated,
        unasked,
        sums.getOrDefault("outside", 0),
        shards.size(),
        seconds);
  }

  private void readShard(Shard shard, int[] seen, Map<String, Integer> sums) throws Exception {
    BigInteger first = new BigInteger(shard.hashKeyRange().startingHashKey());
    BigInteger last = new BigInteger(shard.hashKeyRange().endingHashKey());
    String iterator =
        client
            .getShardIterator(
                r ->
                    r.streamName(STREAM).shardId(shard.shardId()).shardIteratorType("TRIM_HORIZON"))
            .shardIterator();
    while (iterator != null) {
      String at = iterator;
      GetRecordsResponse page = client.getRecords(r -> r.shardIterator(at));
      for (Record record : page.records()) {
        byte[] data = record.data().asByteArrayUnsafe();
        sums.merge("records", 1, Integer::sum);
        sums.merge("aggregates", AggregatedRecord.isAggregated(data) ? 1 : 0, Integer::sum);
        for (var user : AggregatedRecord.open(record.partitionKey(), data)) {
          if (user.hash().compareTo(first) >= 0 && user.hash().compareTo(last) <= 0) {
            seen[ByteBuffer.wrap(user.data()).getInt()]++;
          } else {
            sums.merge("outside", 1, Integer::sum);
          }
        }
      }
      boolean atEnd = page.records().isEmpty() && page.millisBehindLatest() == 0;
      iterator = atEnd ? null : page.nextShardIterator();
    }
  }
}
