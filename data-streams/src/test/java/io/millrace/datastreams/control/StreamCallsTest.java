package io.millrace.datastreams.control;

import static io.millrace.datastreams.server.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.datastreams.capacity.CapacitySettings;
import io.millrace.datastreams.server.TestStreams;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.ConsumerStatus;
import software.amazon.awssdk.services.kinesis.model.EncryptionType;
import software.amazon.awssdk.services.kinesis.model.ListStreamsResponse;
import software.amazon.awssdk.services.kinesis.model.MetricsName;
import software.amazon.awssdk.services.kinesis.model.MinimumThroughputBillingCommitmentInputStatus;
import software.amazon.awssdk.services.kinesis.model.MinimumThroughputBillingCommitmentOutputStatus;
import software.amazon.awssdk.services.kinesis.model.StreamDescription;
import software.amazon.awssdk.services.kinesis.model.StreamDescriptionSummary;
import software.amazon.awssdk.services.kinesis.model.StreamMode;
import software.amazon.awssdk.services.kinesis.model.StreamStatus;

/** Calls on streams, and everything their owners choose. */
class StreamCallsTest {
  private static final String ACCOUNT = TestStreams.ACCOUNT.id();
  private static TestStreams server;
  private static KinesisClient client;

  @BeforeAll
  static void start() throws Exception {
    server =
        new TestStreams(
            TestStreams.with(
                CapacitySettings.UNLIMITED,
                new ControlSettings(100, 3, 2, 50, 2, 2, 4, 4, 20 << 10),
                false));
    client = server.client();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static String arn(String stream) {
    return TestStreams.ACCOUNT.streamArn(stream);
  }

  private static void create(String name, int shards) {
    client.createStream(r -> r.streamName(name).shardCount(shards));
  }

  @Test
  void aNewStreamIsActiveAtOnce() {
    create("new", 3);
    StreamDescription described =
        client.describeStream(r -> r.streamName("new")).streamDescription();
    assertThat(described.streamStatus()).isEqualTo(StreamStatus.ACTIVE);
    assertThat(described.streamARN()).isEqualTo(arn("new"));
    assertThat(described.shards()).hasSize(3);
    assertThat(described.hasMoreShards()).isFalse();
    assertThat(described.retentionPeriodHours()).isEqualTo(24);
    assertThat(described.encryptionType()).isEqualTo(EncryptionType.NONE);
    assertThat(described.enhancedMonitoring()).hasSize(1);
    assertThat(described.streamModeDetails().streamMode()).isEqualTo(StreamMode.PROVISIONED);
    StreamDescriptionSummary summary =
        client.describeStreamSummary(r -> r.streamARN(arn("new"))).streamDescriptionSummary();
    assertThat(summary.openShardCount()).isEqualTo(3);
    assertThat(summary.maxRecordSizeInKiB()).isEqualTo(1024);
    client.deleteStream(r -> r.streamName("new"));
  }

  @Test
  void shardsAreToldInPages() {
    create("pages", 5);
    StreamDescription first =
        client.describeStream(r -> r.streamName("pages").limit(2)).streamDescription();
    assertThat(first.hasMoreShards()).isTrue();
    StreamDescription rest =
        client
            .describeStream(
                r ->
                    r.streamName("pages").exclusiveStartShardId(first.shards().getLast().shardId()))
            .streamDescription();
    assertThat(rest.hasMoreShards()).isFalse();
    assertThat(rest.shards()).hasSize(3);
    client.deleteStream(r -> r.streamName("pages"));
  }

  @Test
  void namesAreRefusedAsTheServiceRefusesThem() {
    create("taken", 1);
    assertRefused(
        () -> create("taken", 1),
        "ResourceInUseException",
        "Stream taken under account " + ACCOUNT + " already exists.");
    assertRefused(
        () -> client.describeStream(r -> r.streamName("absent")),
        "ResourceNotFoundException",
        "Stream absent under account " + ACCOUNT + " not found.");
    assertRefused(
        () -> create("no spaces", 1),
        "ValidationException",
        "Value 'no spaces' at 'streamName' failed to satisfy constraint: Member must satisfy"
            + " regular expression pattern: [a-zA-Z0-9_.-]+");
    assertRefused(
        () -> client.describeStream(r -> r.streamName("taken").streamARN(arn("other"))),
        "InvalidArgumentException",
        "name different streams");
    assertRefused(
        () -> client.describeStream(r -> {}), "InvalidArgumentException", "must be provided");
    assertRefused(
        () -> client.createStream(r -> r.streamName("countless")),
        "ValidationException",
        "ShardCount");
    client.deleteStream(r -> r.streamName("taken"));
  }

  @Test
  void shardsOfTheAccountAreLimited() {
    create("ninety", 90);
    create("ten", 10);
    assertRefused(
        () -> create("more", 1),
        "LimitExceededException",
        "Limit: 100. Number of additional shards that would have resulted from this request: 1.");
    var limits = client.describeLimits();
    assertThat(limits.shardLimit()).isEqualTo(100);
    assertThat(limits.openShardCount()).isEqualTo(100);
    client.deleteStream(r -> r.streamName("ninety"));
    client.deleteStream(r -> r.streamName("ten"));
  }

  @Test
  void listsStreamsInPagesByName() {
    List<String> names = IntStream.range(0, 7).mapToObj(i -> "list-" + i).toList();
    names.forEach(name -> create(name, 1));
    List<String> seen = new ArrayList<>();
    ListStreamsResponse page = client.listStreams(r -> r.limit(3));
    seen.addAll(page.streamNames());
    while (page.hasMoreStreams()) {
      String token = page.nextToken();
      page = client.listStreams(r -> r.limit(3).nextToken(token));
      seen.addAll(page.streamNames());
    }
    assertThat(seen).isSorted().containsAll(names);
    assertThat(client.listStreams(r -> r.exclusiveStartStreamName("list-4")).streamNames())
        .startsWith("list-5", "list-6");
    assertThat(client.listStreams().streamSummaries())
        .hasSameSizeAs(client.listStreams().streamNames());
    names.forEach(name -> client.deleteStream(r -> r.streamName(name)));
  }

  @Test
  void onDemandStreamsBeginWithFourShardsAndCannotBeReshaped() {
    client.createStream(
        r -> r.streamName("demand").streamModeDetails(m -> m.streamMode(StreamMode.ON_DEMAND)));
    assertThat(
            client
                .describeStreamSummary(r -> r.streamName("demand"))
                .streamDescriptionSummary()
                .openShardCount())
        .isEqualTo(4);
    assertRefused(
        () ->
            client.splitShard(
                r ->
                    r.streamName("demand")
                        .shardToSplit("shardId-000000000000")
                        .newStartingHashKey("5")),
        "ValidationException",
        "ON_DEMAND");
    assertRefused(
        () ->
            client.createStream(
                r ->
                    r.streamName("both")
                        .shardCount(1)
                        .streamModeDetails(m -> m.streamMode(StreamMode.ON_DEMAND))),
        "ValidationException",
        "ShardCount");
    client.updateStreamMode(
        r ->
            r.streamARN(arn("demand"))
                .streamModeDetails(m -> m.streamMode(StreamMode.PROVISIONED)));
    client.splitShard(
        r -> r.streamName("demand").shardToSplit("shardId-000000000000").newStartingHashKey("5"));
    client.updateStreamMode(
        r -> r.streamARN(arn("demand")).streamModeDetails(m -> m.streamMode("ON_DEMAND")));
    assertRefused(
        () ->
            client.updateStreamMode(
                r ->
                    r.streamARN(arn("demand")).streamModeDetails(m -> m.streamMode("PROVISIONED"))),
        "LimitExceededException",
        "2 mode changes");
    client.deleteStream(r -> r.streamName("demand"));
  }

  @Test
  void retentionMovesBetweenADayAndAYear() {
    create("kept", 1);
    client.increaseStreamRetentionPeriod(r -> r.streamName("kept").retentionPeriodHours(8760));
    assertThat(retention("kept")).isEqualTo(8760);
    assertRefused(
        () ->
            client.increaseStreamRetentionPeriod(
                r -> r.streamName("kept").retentionPeriodHours(8761)),
        "InvalidArgumentException",
        "Maximum allowed retention period is 8760 hours");
    assertRefused(
        () ->
            client.increaseStreamRetentionPeriod(
                r -> r.streamName("kept").retentionPeriodHours(30)),
        "InvalidArgumentException",
        "can not be shorter than existing retention period (8760 hours)");
    client.decreaseStreamRetentionPeriod(r -> r.streamName("kept").retentionPeriodHours(24));
    assertThat(retention("kept")).isEqualTo(24);
    assertRefused(
        () ->
            client.decreaseStreamRetentionPeriod(
                r -> r.streamName("kept").retentionPeriodHours(23)),
        "InvalidArgumentException",
        "Minimum allowed retention period is 24 hours");
    client.deleteStream(r -> r.streamName("kept"));
  }

  private static int retention(String stream) {
    return client
        .describeStreamSummary(r -> r.streamName(stream))
        .streamDescriptionSummary()
        .retentionPeriodHours();
  }

  @Test
  void bothFamiliesOfTagCallsShareTheirTags() {
    create("tagged", 1);
    client.addTagsToStream(r -> r.streamName("tagged").tags(Map.of("a", "1", "b", "2")));
    client.tagResource(r -> r.resourceARN(arn("tagged")).tags(Map.of("b", "3", "c", "")));
    assertThat(
            client.listTagsForResource(r -> r.resourceARN(arn("tagged"))).tags().stream()
                .collect(Collectors.toMap(t -> t.key(), t -> t.value())))
        .isEqualTo(Map.of("a", "1", "b", "3", "c", ""));
    var page = client.listTagsForStream(r -> r.streamName("tagged").limit(2));
    assertThat(page.hasMoreTags()).isTrue();
    assertThat(page.tags()).hasSize(2);
    assertThat(
            client.listTagsForStream(r -> r.streamName("tagged").exclusiveStartTagKey("b")).tags())
        .hasSize(1);
    client.removeTagsFromStream(r -> r.streamName("tagged").tagKeys("a"));
    client.untagResource(r -> r.resourceARN(arn("tagged")).tagKeys("b"));
    assertThat(client.listTagsForStream(r -> r.streamName("tagged")).tags()).hasSize(1);
    Map<String, String> many =
        IntStream.range(0, 49).boxed().collect(Collectors.toMap(i -> "k" + i, i -> "v"));
    client.tagResource(r -> r.resourceARN(arn("tagged")).tags(many));
    assertRefused(
        () -> client.tagResource(r -> r.resourceARN(arn("tagged")).tags(Map.of("over", ""))),
        "LimitExceededException",
        "50 tags");
    assertRefused(
        () -> client.tagResource(r -> r.resourceARN(arn("tagged")).tags(Map.of("aws:x", ""))),
        "InvalidArgumentException",
        "reserved");
    client.deleteStream(r -> r.streamName("tagged"));
  }

  @Test
  void consumersHaveALifeOfTheirOwn() {
    create("consumed", 1);
    var made =
        client
            .registerStreamConsumer(
                r -> r.streamARN(arn("consumed")).consumerName("one").tags(Map.of("t", "v")))
            .consumer();
    assertThat(made.consumerARN()).matches(arn("consumed") + "/consumer/one:\\d{10}");
    var described =
        client.describeStreamConsumer(r -> r.consumerARN(made.consumerARN())).consumerDescription();
    assertThat(described.consumerStatus()).isEqualTo(ConsumerStatus.ACTIVE);
    assertThat(described.streamARN()).isEqualTo(arn("consumed"));
    assertThat(client.listTagsForResource(r -> r.resourceARN(made.consumerARN())).tags())
        .hasSize(1);
    assertRefused(
        () -> client.registerStreamConsumer(r -> r.streamARN(arn("consumed")).consumerName("one")),
        "ResourceInUseException",
        "already exists");
    client.registerStreamConsumer(r -> r.streamARN(arn("consumed")).consumerName("two"));
    assertRefused(
        () -> client.registerStreamConsumer(r -> r.streamARN(arn("consumed")).consumerName("3")),
        "LimitExceededException",
        "2 registered consumers");
    var page = client.listStreamConsumers(r -> r.streamARN(arn("consumed")).maxResults(1));
    assertThat(page.consumers()).hasSize(1);
    assertThat(
            client
                .listStreamConsumers(r -> r.streamARN(arn("consumed")).nextToken(page.nextToken()))
                .consumers())
        .extracting(c -> c.consumerName())
        .containsExactly("two");
    assertRefused(
        () -> client.deleteStream(r -> r.streamName("consumed")),
        "ResourceInUseException",
        "EnforceConsumerDeletion");
    client.deregisterStreamConsumer(r -> r.consumerARN(made.consumerARN()));
    assertRefused(
        () -> client.describeStreamConsumer(r -> r.consumerARN(made.consumerARN())),
        "ResourceNotFoundException",
        "not found");
    client.deleteStream(r -> r.streamName("consumed").enforceConsumerDeletion(true));
  }

  @Test
  void policiesEncryptionMonitoringAndSizesAreKept() throws Exception {
    create("owned", 1);
    String policy = "{\"Version\":\"2012-10-17\",\"Statement\":[]}";
    client.putResourcePolicy(r -> r.resourceARN(arn("owned")).policy(policy));
    client.startStreamEncryption(
        r -> r.streamName("owned").encryptionType(EncryptionType.KMS).keyId("alias/mine"));
    client.updateMaxRecordSize(r -> r.streamARN(arn("owned")).maxRecordSizeInKiB(2048));
    var enabled =
        client.enableEnhancedMonitoring(
            r -> r.streamName("owned").shardLevelMetrics(MetricsName.ALL));
    assertThat(enabled.currentShardLevelMetrics()).isEmpty();
    assertThat(enabled.desiredShardLevelMetrics()).hasSize(7);
    server.restart();
    client = server.client();
    assertThat(client.getResourcePolicy(r -> r.resourceARN(arn("owned"))).policy())
        .isEqualTo(policy);
    StreamDescriptionSummary summary =
        client.describeStreamSummary(r -> r.streamName("owned")).streamDescriptionSummary();
    assertThat(summary.encryptionType()).isEqualTo(EncryptionType.KMS);
    assertThat(summary.keyId()).isEqualTo("alias/mine");
    assertThat(summary.maxRecordSizeInKiB()).isEqualTo(2048);
    assertThat(summary.enhancedMonitoring().getFirst().shardLevelMetrics()).hasSize(7);
    var disabled =
        client.disableEnhancedMonitoring(
            r -> r.streamName("owned").shardLevelMetrics(MetricsName.INCOMING_BYTES));
    assertThat(disabled.desiredShardLevelMetrics()).hasSize(6);
    client.stopStreamEncryption(
        r -> r.streamName("owned").encryptionType(EncryptionType.KMS).keyId("alias/mine"));
    client.deleteResourcePolicy(r -> r.resourceARN(arn("owned")));
    assertRefused(
        () -> client.getResourcePolicy(r -> r.resourceARN(arn("owned"))),
        "ResourceNotFoundException",
        "No resource policy found");
    assertRefused(
        () -> client.putResourcePolicy(r -> r.resourceARN(arn("owned")).policy("{")),
        "InvalidArgumentException",
        "not valid JSON");
    assertRefused(
        () ->
            client.putResourcePolicy(
                r -> r.resourceARN(arn("owned")).policy("{}" + " ".repeat(20 << 10))),
        "InvalidArgumentException",
        "longer than 20480 bytes");
    client.deleteStream(r -> r.streamName("owned"));
  }

  @Test
  void theAccountsCommitmentIsKept() {
    client.updateAccountSettings(
        r ->
            r.minimumThroughputBillingCommitment(
                c -> c.status(MinimumThroughputBillingCommitmentInputStatus.ENABLED)));
    var settings = client.describeAccountSettings(r -> {}).minimumThroughputBillingCommitment();
    assertThat(settings.status()).isEqualTo(MinimumThroughputBillingCommitmentOutputStatus.ENABLED);
    assertThat(settings.startedAt()).isNotNull();
  }

  @Test
  void aStreamMadeAgainIsAnotherOne() throws Exception {
    create("again", 1);
    var stream = client.describeStream(r -> r.streamName("again")).streamDescription();
    String iterator =
        client
            .getShardIterator(
                r ->
                    r.streamName("again")
                        .shardId(stream.shards().getFirst().shardId())
                        .shardIteratorType("TRIM_HORIZON"))
            .shardIterator();
    client.putRecord(
        r ->
            r.streamName("again")
                .partitionKey("k")
                .data(software.amazon.awssdk.core.SdkBytes.fromUtf8String("old")));
    client.deleteStream(r -> r.streamName("again"));
    create("again", 1);
    assertRefused(
        () -> client.getRecords(r -> r.shardIterator(iterator)),
        "ResourceNotFoundException",
        "Stream again under account");
    var fresh =
        io.millrace.datastreams.server.ShardReader.readAll(client, "again", "shardId-000000000000");
    assertThat(fresh.records()).isEmpty();
    client.deleteStream(r -> r.streamName("again"));
  }

  @Test
  void newestCallsAnswerWhatIsDocumented() throws Exception {
    client.createStream(
        r -> r.streamName("auto").streamModeDetails(m -> m.streamMode(StreamMode.ON_DEMAND)));
    assertThat(
            target(
                "UpdateStreamRecordDistributionStrategy",
                "{\"StreamARN\":\"" + arn("auto") + "\",\"RecordDistributionStrategy\":\"AUTO\"}"))
        .startsWith("200");
    assertThat(target("DescribeStreamSummary", "{\"StreamName\":\"auto\"}"))
        .contains("\"RecordDistributionStrategy\":\"AUTO\"")
        .contains("\"ChannelCount\":0");
    String put = target("PutRecord", "{\"StreamName\":\"auto\",\"Data\":\"aGk=\"}");
    assertThat(put).startsWith("200").contains("SequenceNumber");
    assertThat(target("ListChannels", "{}")).isEqualTo("200 {\"ChannelSummaries\":[]}");
    assertThat(target("DescribeChannel", "{\"ChannelARN\":\"arn:aws:kinesis:x\"}"))
        .startsWith("400")
        .contains("ResourceNotFoundException");
    assertThat(
            target(
                "CreateChannel",
                "{\"ChannelName\":\"c\",\"ServiceExecutionRoleARN\":\"r\",\"StreamConfigurationList\":[]}"))
        .startsWith("400")
        .contains("LimitExceededException");
    assertThat(
            target(
                "PutRecord",
                "{\"StreamName\":\"auto\",\"Data\":\"aGk=\",\"PartitionKey\":\"k\",\"DryRun\":true}"))
        .startsWith("400")
        .contains("DryRunOperationException");
    client.deleteStream(r -> r.streamName("auto"));
  }

  private static String target(String operation, String body) throws Exception {
    var answer =
        server.send(
            "POST",
            "/",
            body,
            "X-Amz-Target",
            "Kinesis_20131202." + operation,
            "Content-Type",
            "application/x-amz-json-1.1");
    return answer.statusCode() + " " + answer.body();
  }
}
