package io.millrace.datastreams.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.datastreams.lease.call.LeaseLimits;
import io.millrace.datastreams.lease.expression.ExpressionLimits;
import io.millrace.datastreams.stream.Account;
import io.millrace.store.Stages;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexUpdate;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.LimitExceededException;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;
import software.amazon.awssdk.services.dynamodb.model.Tag;
import software.amazon.awssdk.services.dynamodb.model.TransactGetItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** What workers rely on: atomic and durable writes, whole reads, limits. */
class LeasesTest {
  private static final Account ACCOUNT = new Account("000000000000", "us-east-1");

  private static AttributeValue s(String text) {
    return AttributeValue.fromS(text);
  }

  private static AttributeValue n(long number) {
    return AttributeValue.fromN(Long.toString(number));
  }

  private static void create(DynamoDbClient client, String name) {
    client.createTable(
        table ->
            table
                .tableName(name)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .keySchema(key("leaseKey", KeyType.HASH))
                .attributeDefinitions(text("leaseKey")));
  }

  private static KeySchemaElement key(String name, KeyType type) {
    return KeySchemaElement.builder().attributeName(name).keyType(type).build();
  }

  private static AttributeDefinition text(String name) {
    return AttributeDefinition.builder()
        .attributeName(name)
        .attributeType(ScalarAttributeType.S)
        .build();
  }

  private static TransactGetItem read(String key) {
    return TransactGetItem.builder()
        .get(get -> get.tableName("app").key(Map.of("leaseKey", s(key))))
        .build();
  }

  private static void put(DynamoDbClient client, String key, String value) {
    client.putItem(
        item -> item.tableName("app").item(Map.of("leaseKey", s(key), "value", s(value))));
  }

  private static Map<String, AttributeValue> get(DynamoDbClient client, String key) {
    return client.getItem(item -> item.tableName("app").key(Map.of("leaseKey", s(key)))).item();
  }

  @Test
  void oneOfManyWinsEveryConditionalWrite() throws Exception {
    try (TestLeases server = new TestLeases();
        ExecutorService workers = Executors.newFixedThreadPool(4)) {
      DynamoDbClient client = server.client();
      create(client, "app");
      client.putItem(
          item -> item.tableName("app").item(Map.of("leaseKey", s("shard"), "counter", n(0))));
      List<Future<Integer>> wins = new ArrayList<>();
      for (int worker = 0; worker < 4; worker++) {
        wins.add(workers.submit(() -> compete(client)));
      }
      long won = 0;
      for (Future<Integer> one : wins) {
        won += one.get();
      }
      assertThat(get(client, "shard").get("counter")).isEqualTo(n(won));
      assertThat(won + server.leases().metrics().conditionsFailed.sum()).isEqualTo(4 * 50);
      server.restart();
      assertThat(get(server.client(), "shard").get("counter")).isEqualTo(n(won));
    }
  }

  private static int compete(DynamoDbClient client) {
    int won = 0;
    for (int i = 0; i < 50; i++) {
      AttributeValue seen = get(client, "shard").get("counter");
      try {
        client.updateItem(
            update ->
                update
                    .tableName("app")
                    .key(Map.of("leaseKey", s("shard")))
                    .updateExpression("ADD #c :one")
                    .conditionExpression("#c = :seen")
                    .expressionAttributeNames(Map.of("#c", "counter"))
                    .expressionAttributeValues(Map.of(":one", n(1), ":seen", seen)));
        won++;
      } catch (ConditionalCheckFailedException lost) {
        // Another was faster.
      }
    }
    return won;
  }

  @Test
  void transactionsAreAllOrNothingToEverybody() throws Exception {
    try (TestLeases server = new TestLeases();
        ExecutorService workers = Executors.newFixedThreadPool(2)) {
      DynamoDbClient client = server.client();
      create(client, "app");
      put(client, "a", "0");
      put(client, "b", "0");
      Future<?> writer =
          workers.submit(
              () -> {
                for (int i = 1; i <= 60; i++) {
                  String value = Integer.toString(i);
                  client.transactWriteItems(t -> t.transactItems(puts(value, "a", "b")));
                }
              });
      while (!writer.isDone()) {
        var seen = client.transactGetItems(t -> t.transactItems(read("a"), read("b"))).responses();
        assertThat(seen.get(0).item().get("value")).isEqualTo(seen.get(1).item().get("value"));
      }
      writer.get();
      List<TransactWriteItem> refused = new ArrayList<>(puts("x", "a"));
      refused.add(
          TransactWriteItem.builder()
              .conditionCheck(
                  check ->
                      check
                          .tableName("app")
                          .key(Map.of("leaseKey", s("none")))
                          .conditionExpression("attribute_exists(leaseKey)"))
              .build());
      assertThatThrownBy(() -> client.transactWriteItems(t -> t.transactItems(refused)))
          .isInstanceOfSatisfying(
              TransactionCanceledException.class,
              e ->
                  assertThat(e.cancellationReasons())
                      .extracting(reason -> reason.code())
                      .containsExactly("None", "ConditionalCheckFailed"));
      assertThat(get(client, "a").get("value")).isEqualTo(s("60"));
    }
  }

  private static List<TransactWriteItem> puts(String value, String... keys) {
    return List.of(keys).stream()
        .map(key -> Map.of("leaseKey", s(key), "value", s(value)))
        .map(
            item -> TransactWriteItem.builder().put(put -> put.tableName("app").item(item)).build())
        .toList();
  }

  @Test
  void scansSeeEveryItemOnceInPagesAndSegments() throws Exception {
    try (TestLeases server = new TestLeases()) {
      DynamoDbClient client = server.client();
      create(client, "app");
      create(client, "other");
      Set<String> keys = new HashSet<>();
      for (int i = 0; i < 120; i++) {
        put(client, "shard-" + i, "v");
        keys.add("shard-" + i);
      }
      List<String> seen = new ArrayList<>();
      for (int segment = 0; segment < 3; segment++) {
        ScanRequest request =
            ScanRequest.builder()
                .tableName("app")
                .segment(segment)
                .totalSegments(3)
                .limit(7)
                .build();
        for (ScanResponse page : client.scanPaginator(request)) {
          assertThat(page.count()).isLessThanOrEqualTo(7);
          page.items().forEach(item -> seen.add(item.get("leaseKey").s()));
        }
      }
      assertThat(seen).containsExactlyInAnyOrderElementsOf(keys);
    }
  }

  @Test
  void aPageEndsAtItsBytes() throws Exception {
    LeaseLimits limits = limits(100, 100, 2000, 5000);
    try (TestLeases server = new TestLeases(new LeaseSettings(ACCOUNT, limits, 1 << 20))) {
      DynamoDbClient client = server.client();
      create(client, "app");
      for (int i = 0; i < 20; i++) {
        put(client, "k" + i, "x".repeat(1000));
      }
      ScanResponse first = client.scan(scan -> scan.tableName("app"));
      assertThat(first.count()).isEqualTo(5);
      assertThat(first.lastEvaluatedKey()).containsOnlyKeys("leaseKey");
      long all =
          client.scanPaginator(scan -> scan.tableName("app")).stream()
              .mapToLong(ScanResponse::count)
              .sum();
      assertThat(all).isEqualTo(20);
    }
  }

  private static LeaseLimits limits(int tables, int items, int itemBytes, int pageBytes) {
    return new LeaseLimits(
        tables,
        items,
        1,
        2,
        itemBytes,
        20,
        10,
        pageBytes,
        3000,
        Duration.ofMinutes(10),
        100,
        ExpressionLimits.AWS);
  }

  @Test
  void everyLimitIsKeptAndNamed() throws Exception {
    LeaseSettings settings = new LeaseSettings(ACCOUNT, limits(2, 5, 1020, 5000), 1 << 20);
    try (TestLeases server = new TestLeases(settings)) {
      DynamoDbClient client = server.client();
      create(client, "app");
      create(client, "app2");
      assertThatThrownBy(() -> create(client, "app3"))
          .isInstanceOf(LimitExceededException.class)
          .hasMessageContaining("at most 2 tables");
      // 8 + 1 of the key, 5 + 1006 of the value.
      put(client, "1", "x".repeat(1006));
      refused(() -> put(client, "1", "x".repeat(1007)), "Item size has exceeded");
      put(client, "k".repeat(20), "x");
      refused(() -> put(client, "k".repeat(21), "x"), "Size of hashkey has exceeded");
      put(client, "3", "x");
      assertThatThrownBy(() -> put(client, "4", "x"))
          .isInstanceOf(LimitExceededException.class)
          .hasMessageContaining("at most 5 items");
      put(client, "3", "another value of the same item");
      client.transactWriteItems(
          t -> t.transactItems(puts("x".repeat(900), "1", "3", "k".repeat(20))));
      refused(
          () ->
              client.transactWriteItems(
                  t -> t.transactItems(puts("x".repeat(986), "1", "3", "k".repeat(20)))),
          "more than 3000 bytes");
      String arn = client.describeTable(table -> table.tableName("app")).table().tableArn();
      client.tagResource(tag -> tag.resourceArn(arn).tags(tag("a"), tag("b")));
      assertThatThrownBy(() -> client.tagResource(tag -> tag.resourceArn(arn).tags(tag("c"))))
          .isInstanceOf(LimitExceededException.class);
      assertThat(client.listTagsOfResource(list -> list.resourceArn(arn)).tags())
          .containsExactly(tag("a"), tag("b"));
    }
  }

  private static Tag tag(String key) {
    return Tag.builder().key(key).value("v").build();
  }

  private static void refused(Runnable call, String message) {
    assertThatThrownBy(call::run)
        .isInstanceOf(DynamoDbException.class)
        .hasMessageContaining(message);
  }

  @Test
  void anIndexAddedLaterHasWhatWasThereBefore() throws Exception {
    try (TestLeases server = new TestLeases()) {
      DynamoDbClient client = server.client();
      create(client, "app");
      for (int i = 0; i < 30; i++) {
        Map<String, AttributeValue> item = new HashMap<>();
        item.put("leaseKey", s("shard-%02d".formatted(i)));
        if (i % 3 != 0) {
          item.put("leaseOwner", s("worker-" + i % 3));
        }
        client.putItem(PutItemRequest.builder().tableName("app").item(item).build());
      }
      GlobalSecondaryIndexUpdate owners =
          GlobalSecondaryIndexUpdate.builder()
              .create(
                  index ->
                      index
                          .indexName("owners")
                          .projection(p -> p.projectionType("KEYS_ONLY"))
                          .keySchema(
                              key("leaseOwner", KeyType.HASH), key("leaseKey", KeyType.RANGE)))
              .build();
      client.updateTable(
          table ->
              table
                  .tableName("app")
                  .attributeDefinitions(text("leaseKey"), text("leaseOwner"))
                  .globalSecondaryIndexUpdates(owners));
      server.restart();
      var keys =
          server
              .client()
              .queryPaginator(
                  query ->
                      query
                          .tableName("app")
                          .indexName("owners")
                          .limit(4)
                          .keyConditionExpression("leaseOwner = :o")
                          .expressionAttributeValues(Map.of(":o", s("worker-2"))))
              .items()
              .stream()
              .map(item -> item.get("leaseKey").s())
              .toList();
      assertThat(keys).hasSize(10).isSorted().allMatch(key -> key.startsWith("shard-"));
      var described = server.client().describeTable(table -> table.tableName("app")).table();
      assertThat(described.globalSecondaryIndexes().getFirst().indexStatusAsString())
          .isEqualTo("ACTIVE");
      assertThat(described.globalSecondaryIndexes().getFirst().itemCount()).isEqualTo(20);
      assertThat(described.itemCount()).isEqualTo(30);
    }
  }

  @Test
  void aTableMadeAnewIsEmpty() throws Exception {
    try (TestLeases server = new TestLeases()) {
      DynamoDbClient client = server.client();
      create(client, "app");
      put(client, "a", "old");
      client.deleteTable(table -> table.tableName("app"));
      assertThatThrownBy(() -> get(client, "a")).isInstanceOf(ResourceNotFoundException.class);
      create(client, "app");
      assertThat(get(client, "a")).isEmpty();
      assertThat(server.leases().size()).isEqualTo(1);
    }
  }

  @Test
  void itemsExpireWhenTheirTimeHasCome() throws Exception {
    try (TestLeases server = new TestLeases()) {
      DynamoDbClient client = server.client();
      create(client, "app");
      client.updateTimeToLive(
          table ->
              table
                  .tableName("app")
                  .timeToLiveSpecification(ttl -> ttl.attributeName("until").enabled(true)));
      long now = server.clock().instant().getEpochSecond();
      Map<String, Long> until =
          Map.of("soon", now + 60, "later", now + 6000, "mistake", now - 200_000_000);
      until.forEach(
          (key, time) ->
              client.putItem(
                  item ->
                      item.tableName("app").item(Map.of("leaseKey", s(key), "until", n(time)))));
      assertThat(Stages.await(server.leases().sweep())).isZero();
      server.advance(Duration.ofSeconds(100));
      assertThat(Stages.await(server.leases().sweep())).isEqualTo(1);
      assertThat(get(client, "soon")).isEmpty();
      assertThat(get(client, "later")).isNotEmpty();
      assertThat(get(client, "mistake")).isNotEmpty();
    }
  }
}
