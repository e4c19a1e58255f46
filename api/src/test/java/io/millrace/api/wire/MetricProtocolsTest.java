package io.millrace.api.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.AwsError;
import io.millrace.api.shape.BodyFormat;
import io.millrace.api.shape.OpenRequest;
import io.millrace.api.shape.PojoReader;
import io.millrace.api.shape.PojoWriter;
import io.millrace.api.shape.ReadLimits;
import io.vertx.core.Future;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.CloudWatchException;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.InvalidParameterValueException;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataRequest;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataResponse;

/** One operation, three protocols: PutMetricData as forms, as Smithy RPC and as JSON. */
class MetricProtocolsTest {
  private static final PutMetricDataRequest REQUEST =
      PutMetricDataRequest.builder()
          .namespace("KPL & more")
          .metricData(
              MetricDatum.builder()
                  .metricName("UserRecordsPut")
                  .dimensions(
                      Dimension.builder().name("StreamName").value("s=1&2").build(),
                      Dimension.builder().name("b").value("c").build())
                  .timestamp(Instant.parse("2026-11-21T06:00:00.250Z"))
                  .values(1.5, -2e-7)
                  .counts(3.0, 4.0)
                  .storageResolution(60)
                  .build(),
              MetricDatum.builder().metricName("other").value(1.0).build())
          .build();

  private final BlockingQueue<PutMetricDataRequest> received = new LinkedBlockingQueue<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private OpenDoor door;

  @BeforeEach
  void open() throws Exception {
    door = new OpenDoor();
    door.router
        .service("cloudwatch")
        .operation(
            "PutMetricData",
            PutMetricDataRequest::builder,
            (context, request) -> {
              if (request.namespace().equals("bad")) {
                throw AwsError.INVALID_PARAMETER_VALUE.because("a < b & c");
              }
              received.add(request);
              return Future.succeededFuture(PutMetricDataResponse.builder().build());
            });
  }

  @AfterEach
  void close() throws Exception {
    http.close();
    door.close();
  }

  private CloudWatchClient sdk() {
    return CloudWatchClient.builder()
        .endpointOverride(URI.create("http://127.0.0.1:" + door.port()))
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
        .httpClientBuilder(UrlConnectionHttpClient.builder())
        .build();
  }

  @Test
  void takesFormsFromTheSdk() throws Exception {
    try (CloudWatchClient client = sdk()) {
      assertThat(client.putMetricData(REQUEST).responseMetadata().requestId()).hasSize(36);
      assertThat(received.take()).isEqualTo(REQUEST);
      // Above 10 KiB the SDK compresses the body.
      PutMetricDataRequest large =
          REQUEST.toBuilder()
              .metricData(
                  IntStream.range(0, 500)
                      .mapToObj(i -> MetricDatum.builder().metricName("m" + i).value(1.0).build())
                      .toList())
              .build();
      client.putMetricData(large);
      assertThat(received.take()).isEqualTo(large);
    }
  }

  @Test
  void tellsErrorsOfForms() {
    try (CloudWatchClient client = sdk()) {
      assertThatThrownBy(() -> client.putMetricData(REQUEST.toBuilder().namespace("bad").build()))
          .isInstanceOf(InvalidParameterValueException.class)
          .hasMessageContaining("a < b & c");
      assertThatThrownBy(() -> client.listMetrics())
          .isInstanceOf(CloudWatchException.class)
          .hasMessageContaining("No action 'ListMetrics'");
    }
  }

  @Test
  void refusesFormsItCannotRead() throws Exception {
    String head = "POST / HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded";
    for (String body :
        List.of(
            "Action=PutMetricData&Namespace.a=1",
            "Action=PutMetricData&Namespace=%zz",
            "Action=PutMetricData&MetricData.member.x.Value=1",
            "Action=PutMetricData&MetricData.member.1.Value=NaN",
            "Action=PutMetricData&MetricData.member.1.Value=1e999999999",
            "Action=PutMetricData&MetricData.member.1.Timestamp=1",
            "Action=PutMetricData&MetricData.member.1.StorageResolution=3000000000",
            "Action=PutMetricData&" + "a.".repeat(40) + "=1")) {
      assertThat(door.ask(head, body))
          .as(body)
          .startsWith("HTTP/1.1 400")
          .contains("<Code>Serialization</Code>");
    }
  }

  private HttpResponse<byte[]> rpc(String operation, PutMetricDataRequest request)
      throws Exception {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    PojoWriter.write(BodyFormat.RPC_CBOR, request, body);
    return http.send(
        HttpRequest.newBuilder(
                URI.create(
                    "http://127.0.0.1:"
                        + door.port()
                        + "/service/GraniteServiceVersion20100801/operation/"
                        + operation))
            .header("smithy-protocol", "rpc-v2-cbor")
            .header("content-type", "application/cbor")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()))
            .build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  @Test
  void takesSmithyRpc() throws Exception {
    HttpResponse<byte[]> answer = rpc("PutMetricData", REQUEST);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("smithy-protocol")).hasValue("rpc-v2-cbor");
    assertThat(answer.body()).isEmpty();
    assertThat(received.take()).isEqualTo(REQUEST);
    HttpResponse<byte[]> refused =
        rpc("PutMetricData", REQUEST.toBuilder().namespace("bad").build());
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(members(refused))
        .isEqualTo(Map.of("__type", "InvalidParameterValueException", "message", "a < b & c"));
    assertThat(members(rpc("Nothing", REQUEST)))
        .containsEntry("__type", "UnknownOperationException");
  }

  private static Map<String, Object> members(HttpResponse<byte[]> answer) {
    return new PojoReader(new ReadLimits(8, 1000, 100))
        .read(BodyFormat.RPC_CBOR, answer.body(), OpenRequest.builder());
  }

  @Test
  void takesJson() throws Exception {
    HttpResponse<byte[]> answer =
        http.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door.port() + "/"))
                .header("x-amz-target", "GraniteServiceVersion20100801.PutMetricData")
                .header("content-type", "application/x-amz-json-1.0")
                .POST(HttpRequest.BodyPublishers.ofByteArray(PojoWriter.json(REQUEST)))
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(received.take()).isEqualTo(REQUEST);
  }
}
