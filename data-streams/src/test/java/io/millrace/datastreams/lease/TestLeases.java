package io.millrace.datastreams.lease;

import io.millrace.api.ApiMetrics;
import io.millrace.api.auth.Authenticator;
import io.millrace.api.wire.FrontDoor;
import io.millrace.api.wire.FrontDoorSettings;
import io.millrace.api.wire.OperationRouter;
import io.millrace.api.wire.RouterSettings;
import io.millrace.datastreams.stream.Account;
import io.millrace.store.local.Store;
import io.millrace.store.local.StoreSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** A real store and a real listener with the tables' calls; its clock may be moved on. */
public final class TestLeases implements AutoCloseable {
  private final Path directory;
  private final LeaseSettings settings;
  private final AtomicLong aheadMillis = new AtomicLong();
  private final InstantSource clock = () -> Instant.now().plusMillis(aheadMillis.get());
  private final Vertx vertx = Vertx.vertx();
  private Store store;
  private FrontDoor door;
  private Leases leases;
  private DynamoDbClient client;

  public TestLeases() throws Exception {
    this(LeaseSettings.defaults(new Account("000000000000", "us-east-1")));
  }

  public TestLeases(LeaseSettings settings) throws Exception {
    this.directory = Files.createTempDirectory("leases");
    this.settings = settings;
    start();
  }

  private void start() throws Exception {
    store =
        Store.open(
            StoreSettings.DEFAULTS,
            directory,
            clock,
            new SplittableRandom(5),
            Thread.ofPlatform().daemon().name("store-", 0).factory());
    OperationRouter router =
        new OperationRouter(
            vertx,
            RouterSettings.defaults(),
            Authenticator.acceptAll(),
            new ApiMetrics(),
            new SplittableRandom(6));
    leases =
        new Leases(store.table("leases"), settings, clock, new SplittableRandom(clock.millis()));
    leases.register(router);
    door = await(FrontDoor.open(vertx, FrontDoorSettings.on("127.0.0.1", 0), router));
    client = client(endpoint());
  }

  /** A client that never tries again. */
  public static DynamoDbClient client(URI endpoint) {
    return DynamoDbClient.builder()
        .endpointOverride(endpoint)
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
        .httpClientBuilder(UrlConnectionHttpClient.builder().socketTimeout(Duration.ofSeconds(30)))
        .overrideConfiguration(o -> o.retryStrategy(r -> r.maxAttempts(1)))
        .build();
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + door.port());
  }

  public DynamoDbClient client() {
    return client;
  }

  public Leases leases() {
    return leases;
  }

  /** Moves server time on. */
  public void advance(Duration by) {
    aheadMillis.addAndGet(by.toMillis());
  }

  public InstantSource clock() {
    return clock;
  }

  /** Stops everything and starts it again on the same directory. */
  public void restart() throws Exception {
    stop();
    start();
  }

  private void stop() throws Exception {
    client.close();
    await(door.shutdown(Duration.ofSeconds(1)));
    store.close();
  }

  @Override
  public void close() throws Exception {
    stop();
    await(vertx.close());
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
