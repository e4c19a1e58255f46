package io.millrace.datastreams.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.ApiMetrics;
import io.millrace.api.auth.Authenticator;
import io.millrace.api.wire.FrontDoor;
import io.millrace.api.wire.FrontDoorSettings;
import io.millrace.api.wire.OperationRouter;
import io.millrace.api.wire.RouterSettings;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatch.model.StandardUnit;

/** PutMetricData by the SDK, which sends forms. */
class ClientMetricsTest {
  private final Vertx vertx = Vertx.vertx();
  private final ClientMetrics metrics = new ClientMetrics(3, 1 << 20);
  private FrontDoor door;
  private CloudWatchClient client;

  @BeforeEach
  void start() throws Exception {
    OperationRouter router =
        new OperationRouter(
            vertx,
            RouterSettings.defaults(),
            Authenticator.acceptAll(),
            new ApiMetrics(),
            new SplittableRandom(6));
    metrics.register(router);
    door =
        FrontDoor.open(vertx, FrontDoorSettings.on("127.0.0.1", 0), router)
            .toCompletionStage()
            .toCompletableFuture()
            .get(20, TimeUnit.SECONDS);
    client =
        CloudWatchClient.builder()
            .endpointOverride(URI.create("http://127.0.0.1:" + door.port()))
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .build();
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    door.shutdown(Duration.ofSeconds(1)).toCompletionStage().toCompletableFuture().join();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private void put(MetricDatum datum) {
    client.putMetricData(r -> r.namespace("app").metricData(datum));
  }

  @Test
  void valuesStatisticsAndSetsAddUp() {
    put(MetricDatum.builder().metricName("m").value(2.5).unit(StandardUnit.COUNT).build());
    put(
        MetricDatum.builder()
            .metricName("m")
            .statisticValues(s -> s.sampleCount(3.0).sum(9.0).minimum(1.0).maximum(5.0))
            .build());
    put(MetricDatum.builder().metricName("m").values(1.0, 4.0).counts(2.0, 1.0).build());
    SeriesValue value = metrics.series().get(new Series("app", "m", ""));
    assertThat(value.samples()).isEqualTo(7);
    assertThat(value.sum()).isEqualTo(17.5);
    assertThat(value.last()).isEqualTo(2);
  }

  @Test
  void dimensionsNameTheSeriesInAnyOrder() {
    for (int i = 0; i < 2; i++) {
      boolean turned = i == 1;
      put(
          MetricDatum.builder()
              .metricName("m")
              .value(1.0)
              .dimensions(dimension(turned ? "b" : "a"), dimension(turned ? "a" : "b"))
              .build());
    }
    assertThat(metrics.series()).containsOnlyKeys(new Series("app", "m", "a=v,b=v"));
  }

  private static Dimension dimension(String name) {
    return Dimension.builder().name(name).value("v").build();
  }

  @Test
  void seriesBeyondTheLimitAreDroppedAndCounted() {
    for (int i = 0; i < 4; i++) {
      put(MetricDatum.builder().metricName("m" + i).value(1.0).build());
    }
    assertThat(metrics.series()).hasSize(3);
    assertThat(metrics.dropped()).isEqualTo(1);
  }
}
