package io.millrace.tests.kcl.worker;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.kinesis.common.ConfigsBuilder;
import software.amazon.kinesis.common.InitialPositionInStream;
import software.amazon.kinesis.common.InitialPositionInStreamExtended;
import software.amazon.kinesis.common.KinesisClientUtil;
import software.amazon.kinesis.common.StreamIdentifier;
import software.amazon.kinesis.coordinator.CoordinatorConfig;
import software.amazon.kinesis.coordinator.Scheduler;
import software.amazon.kinesis.exceptions.InvalidStateException;
import software.amazon.kinesis.exceptions.ShutdownException;
import software.amazon.kinesis.leases.LeaseManagementConfig;
import software.amazon.kinesis.lifecycle.events.InitializationInput;
import software.amazon.kinesis.lifecycle.events.LeaseLostInput;
import software.amazon.kinesis.lifecycle.events.ProcessRecordsInput;
import software.amazon.kinesis.lifecycle.events.ShardEndedInput;
import software.amazon.kinesis.lifecycle.events.ShutdownRequestedInput;
import software.amazon.kinesis.processor.RecordProcessorCheckpointer;
import software.amazon.kinesis.processor.ShardRecordProcessor;
import software.amazon.kinesis.processor.SingleStreamTracker;
import software.amazon.kinesis.retrieval.KinesisClientRecord;
import software.amazon.kinesis.retrieval.RetrievalConfig;
import software.amazon.kinesis.retrieval.polling.PollingConfig;

/**
 * A consumer in a process of its own. Writes what it sees to a file, before it checkpoints it:
 *
 * <pre>
 * NANOS begin SHARD              NANOS record SHARD SEQUENCE-NUMBER KEY DATA
 * NANOS lost SHARD               NANOS ended SHARD
 * </pre>
 *
 * NANOS is the machine's monotonic clock, which its processes share.
 */
public final class KclWorker {
  private final OutputStream out;

  private KclWorker(OutputStream out) {
    this.out = out;
  }

  /** Arguments: URL of streams, URL of tables, stream, application, worker, mode, file. */
  public static void main(String[] arguments) throws Exception {
    URI streams = URI.create(arguments[0]);
    URI tables = URI.create(arguments[1]);
    String stream = arguments[2];
    boolean polls = arguments[5].equals("polling");
    // Unbuffered: what was written stays when the process is killed.
    KclWorker worker = new KclWorker(new FileOutputStream(arguments[6]));
    StaticCredentialsProvider credentials =
        StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test"));
    KinesisAsyncClient kinesis =
        KinesisClientUtil.createKinesisAsyncClient(
            KinesisAsyncClient.builder()
                .endpointOverride(streams)
                .region(Region.US_EAST_1)
                .credentialsProvider(credentials));
    DynamoDbAsyncClient dynamo =
        DynamoDbAsyncClient.builder()
            .endpointOverride(tables)
            .region(Region.US_EAST_1)
            .credentialsProvider(credentials)
            .build();
    CloudWatchAsyncClient cloudWatch =
        CloudWatchAsyncClient.builder()
            .endpointOverride(streams)
            .region(Region.US_EAST_1)
            .credentialsProvider(credentials)
            .build();
    ConfigsBuilder configs =
        new ConfigsBuilder(
            new SingleStreamTracker(
                StreamIdentifier.singleStreamInstance(stream),
                InitialPositionInStreamExtended.newInitialPosition(
                    InitialPositionInStream.TRIM_HORIZON)),
            arguments[3],
            kinesis,
            dynamo,
            cloudWatch,
            arguments[4],
            worker::processor);
    RetrievalConfig retrieval = configs.retrievalConfig();
    if (polls) {
      retrieval.retrievalSpecificConfig(
          new PollingConfig(stream, kinesis).idleTimeBetweenReadsInMillis(250));
    }
    new Scheduler(
            configs.checkpointConfig(),
            coordinator(configs),
            leases(configs),
            configs.lifecycleConfig(),
            configs.metricsConfig(),
            configs.processorConfig(),
            retrieval)
        .run();
  }

  /** The library's own settings, only faster. */
  private static CoordinatorConfig coordinator(ConfigsBuilder configs) {
    return configs
        .coordinatorConfig()
        .parentShardPollIntervalMillis(500)
        .shardConsumerDispatchPollIntervalMillis(100);
  }

  private static LeaseManagementConfig leases(ConfigsBuilder configs) {
    LeaseManagementConfig leases =
        configs
            .leaseManagementConfig()
            .failoverTimeMillis(3000)
            .leaseAssignmentIntervalMillis(1500L)
            .dynamoDbLockBasedLeaderHeartbeatPeriodInMillis(1000)
            .dynamoDbLockBasedLeaderLeaseDurationInMillis(6000);
    leases.workerUtilizationAwareAssignmentConfig().workerMetricsReporterFreqInMillis(2000);
    return leases;
  }

  private ShardRecordProcessor processor() {
    return new Processor();
  }

  private synchronized void write(String line) {
    try {
      out.write((System.nanoTime() + " " + line + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private final class Processor implements ShardRecordProcessor {
    private String shard = "";

    @Override
    public void initialize(InitializationInput input) {
      shard = input.shardId();
      write("begin " + shard);
    }

    @Override
    public void processRecords(ProcessRecordsInput input) {
      for (KinesisClientRecord record : input.records()) {
        String data = StandardCharsets.UTF_8.decode(record.data()).toString();
        write(
            "record %s %s %s %s"
                .formatted(shard, record.sequenceNumber(), record.partitionKey(), data));
      }
      if (!input.records().isEmpty()) {
        checkpoint(input.checkpointer());
      }
    }

    private void checkpoint(RecordProcessorCheckpointer checkpointer) {
      try {
        checkpointer.checkpoint();
      } catch (ShutdownException lost) {
        write("lost " + shard);
      } catch (InvalidStateException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void leaseLost(LeaseLostInput input) {
      write("lost " + shard);
    }

    @Override
    public void shardEnded(ShardEndedInput input) {
      write("ended " + shard);
      checkpoint(input.checkpointer());
    }

    @Override
    public void shutdownRequested(ShutdownRequestedInput input) {
      checkpoint(input.checkpointer());
    }
  }
}
