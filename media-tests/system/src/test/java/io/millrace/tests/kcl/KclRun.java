package io.millrace.tests.kcl;

import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequest;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResultEntry;
import software.amazon.awssdk.services.kinesis.model.Shard;

/**
 * Records of many keys are produced while shards are split and merged, and consumed by workers of
 * which one may be killed; then everything must have been seen, in order per key.
 *
 * @param streams URL of the streams
 * @param tables URL of the tables for leases
 * @param folder for files of the workers
 * @param mode {@code polling} or {@code fan-out}
 * @param workers how many consume; when more than one, the first is killed
 * @param perKey records of each key
 * @param paceMillis time between one record of each key and the next
 */
record KclRun(
    URI streams,
    URI tables,
    Path folder,
    String mode,
    int workers,
    int perKey,
    int paceMillis,
    Duration limit) {
  private static final int KEYS = 20;

  /** What came of it, in one line for people; fails with what was lost or out of order. */
  String run() throws Exception {
    Files.createDirectories(folder);
    String stream = "kcl-" + mode;
    List<KclProcess> processes = new ArrayList<>();
    try (KinesisClient client = client();
        ExecutorService background = Executors.newSingleThreadExecutor()) {
      int shards = 2 * workers;
      client.createStream(create -> create.streamName(stream).shardCount(shards));
      client.waiter().waitUntilStreamExists(describe -> describe.streamName(stream));
      processes.add(worker(stream, 0));
      awaitBegun(processes.getFirst());
      for (int i = 1; i < workers; i++) {
        processes.add(worker(stream, i));
      }
      Future<?> produced = background.submit(() -> produce(client, stream));
      List<Path> files = processes.stream().map(KclProcess::seen).toList();
      awaitSeen(files, KEYS * perKey / 4);
      reshape(client, stream);
      if (workers > 1) {
        processes.getFirst().close();
      }
      produced.get();
      awaitSeen(files, KEYS * perKey);
      awaitEnded(files, client, stream);
      SeenRecords seen = SeenRecords.read(files);
      List<String> violations = seen.violations(KEYS, perKey);
      if (!violations.isEmpty()) {
        throw new AssertionError(violations.size() + " violations: " + violations.getFirst());
      }
      if (workers == 1 && seen.repeated() > 0) {
        throw new AssertionError(seen.repeated() + " records came twice to a worker alone");
      }
      return "%s: %d records of %d keys seen in order, %d of them again; shards ended: %s"
          .formatted(mode, seen.count(), KEYS, seen.repeated(), seen.endedShards());
    } catch (Throwable e) {
      throw new AssertionError(
          mode + " failed; the workers said: " + processes.stream().map(KclProcess::log).toList(),
          e);
    } finally {
      processes.forEach(KclProcess::close);
    }
  }

  private KinesisClient client() {
    return KinesisClient.builder()
        .endpointOverride(streams)
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
        .httpClientBuilder(UrlConnectionHttpClient.builder())
        .build();
  }

  private KclProcess worker(String stream, int number) {
    return KclProcess.start(folder, streams, tables, stream, "worker-" + number, mode);
  }

  /**
   * Workers that begin a new application in the same moment give up: the library does not get over
   * its own race for the application's state. So the first one begins alone.
   */
  private void awaitBegun(KclProcess worker) {
    await()
        .atMost(limit)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> Files.exists(worker.seen()) && Files.size(worker.seen()) > 0);
  }

  private void awaitSeen(List<Path> files, int count) {
    await()
        .atMost(limit)
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(
            () -> {
              int seen = SeenRecords.read(files).count();
              if (seen < count) {
                throw new AssertionError("%d of %d records were seen".formatted(seen, count));
              }
            });
  }

  /** Shards that were split or merged are read to their end by somebody. */
  private void awaitEnded(List<Path> files, KinesisClient client, String stream) {
    List<String> closed =
        client.listShards(list -> list.streamName(stream)).shards().stream()
            .filter(shard -> shard.sequenceNumberRange().endingSequenceNumber() != null)
            .map(Shard::shardId)
            .toList();
    await()
        .atMost(limit)
        .pollInterval(Duration.ofMillis(500))
        .until(() -> SeenRecords.read(files).endedShards().containsAll(closed));
  }

  /** One record of each key per call, so that calls are the order of a key. */
  private void produce(KinesisClient client, String stream) {
    for (int i = 0; i < perKey; i++) {
      List<PutRecordsRequestEntry> left = new ArrayList<>();
      for (int key = 0; key < KEYS; key++) {
        left.add(
            PutRecordsRequestEntry.builder()
                .partitionKey("key-" + key)
                .data(SdkBytes.fromUtf8String(Integer.toString(i)))
                .build());
      }
      while (!left.isEmpty()) {
        left = put(client, stream, left);
      }
      pause();
    }
  }

  /** Puts records; those that were not taken come back. */
  private static List<PutRecordsRequestEntry> put(
      KinesisClient client, String stream, List<PutRecordsRequestEntry> records) {
    PutRecordsResponse answer =
        client.putRecords(PutRecordsRequest.builder().streamName(stream).records(records).build());
    List<PutRecordsRequestEntry> left = new ArrayList<>();
    List<PutRecordsResultEntry> results = answer.records();
    for (int i = 0; i < results.size(); i++) {
      if (results.get(i).errorCode() != null) {
        left.add(records.get(i));
      }
    }
    return left;
  }

  private void pause() {
    try {
      Thread.sleep(paceMillis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Splits the first shard and merges its children again: three generations. */
  private static void reshape(KinesisClient client, String stream) {
    Shard first = openShards(client, stream).getFirst();
    String middle =
        new java.math.BigInteger(first.hashKeyRange().endingHashKey()).shiftRight(1).toString();
    client.splitShard(
        split -> split.streamName(stream).shardToSplit(first.shardId()).newStartingHashKey(middle));
    client.waiter().waitUntilStreamExists(describe -> describe.streamName(stream));
    List<Shard> children =
        openShards(client, stream).stream()
            .filter(shard -> first.shardId().equals(shard.parentShardId()))
            .toList();
    client.mergeShards(
        merge ->
            merge
                .streamName(stream)
                .shardToMerge(children.get(0).shardId())
                .adjacentShardToMerge(children.get(1).shardId()));
    client.waiter().waitUntilStreamExists(describe -> describe.streamName(stream));
  }

  private static List<Shard> openShards(KinesisClient client, String stream) {
    return client.listShards(list -> list.streamName(stream)).shards().stream()
        .filter(shard -> shard.sequenceNumberRange().endingSequenceNumber() == null)
        .toList();
  }
}
