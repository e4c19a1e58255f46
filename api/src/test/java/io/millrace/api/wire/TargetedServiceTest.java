package io.millrace.api.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.AwsError;
import io.millrace.api.shape.BodyFormat;
import io.millrace.api.shape.OpenRequest;
import io.millrace.api.shape.OpenShape;
import io.millrace.api.shape.PojoReader;
import io.millrace.api.shape.ReadLimits;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableResponse;
import software.amazon.awssdk.services.kinesis.model.DeleteStreamRequest;
import software.amazon.awssdk.services.kinesis.model.DeleteStreamResponse;
import software.amazon.awssdk.services.kinesis.model.DescribeStreamSummaryRequest;
import software.amazon.awssdk.services.kinesis.model.DescribeStreamSummaryResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordRequest;
import software.amazon.awssdk.services.kinesis.model.PutRecordResponse;
import software.amazon.awssdk.services.kinesis.model.StreamDescriptionSummary;

class TargetedServiceTest {
  private static final String JSON = "application/x-amz-json-1.1";
  private static final String CBOR = "application/x-amz-cbor-1.1";
  private static final HexFormat HEX = HexFormat.of();

  private OpenDoor door;
  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeEach
  void open() throws Exception {
    door = new OpenDoor();
    door.router
        .service("kinesis")
        .maxBodyBytes(10_000)
        .operation(
            "PutRecord",
            PutRecordRequest::builder,
            (context, request) -> {
              assertThat(context.operation()).isEqualTo("kinesis:PutRecord");
              return Future.succeededFuture(
                  PutRecordResponse.builder()
                      .shardId(request.data().asUtf8String())
                      .sequenceNumber("7")
                      .build());
            })
        .operation(
            "DeleteStream",
            DeleteStreamRequest::builder,
            (context, request) -> Future.succeededFuture(DeleteStreamResponse.builder().build()))
        .operation(
            "DescribeStream",
            software.amazon.awssdk.services.kinesis.model.DescribeStreamRequest::builder,
            (context, request) -> {
              throw AwsError.RESOURCE_NOT_FOUND.because("no " + request.streamName());
            });
  }

  @AfterEach
  void close() throws Exception {
    client.close();
    door.close();
  }

  private HttpResponse<byte[]> send(String target, String type, byte[] body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door.port() + "/"))
            .header("X-Amz-Target", target)
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private HttpResponse<byte[]> json(String operation, String body, String... headers)
      throws Exception {
    return send("Kinesis_20131202." + operation, JSON, bytes(body), headers);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  private static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("none");
  }

  @Test
  void answersInTheFormatOfTheRequest() throws Exception {
    HttpResponse<byte[]> answer =
        json("PutRecord", "{\"StreamName\":\"s\",\"Data\":\"aGVsbG8=\",\"PartitionKey\":\"a\"}");
    assertThat(text(answer)).isEqualTo("{\"ShardId\":\"hello\",\"SequenceNumber\":\"7\"}");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(header(answer, "content-type")).isEqualTo(JSON);
    assertThat(header(answer, "x-amzn-RequestId")).hasSize(36);
    assertThat(header(answer, "x-amz-id-2")).matches("[A-Za-z0-9+/]{64}");

    // As captured from the SDK for Java: an indefinite map, the data a byte string.
    byte[] captured =
        HEX.parseHex(
            "bf6a53747265616d4e616d656173644461746145"
                + "68656c6c6f"
                + "6c506172746974696f6e4b6579"
                + "6161ff");
    HttpResponse<byte[]> cbor = send("Kinesis_20131202.PutRecord", CBOR, captured);
    assertThat(header(cbor, "content-type")).isEqualTo(CBOR);
    assertThat(HEX.formatHex(cbor.body()))
        .isEqualTo("bf675368617264496465" + "68656c6c6f" + "6e53657175656e63654e756d6265726137ff");
  }

  @ParameterizedTest
  @CsvSource({
    "application/x-amz-json-1.0, application/x-amz-json-1.0",
    "application/json, application/x-amz-json-1.1",
    "Application/X-Amz-JSON-1.1; charset=utf-8, application/x-amz-json-1.1"
  })
  void takesEveryNameOfJson(String asked, String answered) throws Exception {
    String body = "{\"Data\":\"\",\"PartitionKey\":\"a\"}";
    HttpResponse<byte[]> answer = send("Kinesis_20131202.PutRecord", asked, bytes(body));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(header(answer, "content-type")).isEqualTo(answered);
  }

  @Test
  void answersNothingWithAnEmptyBody() throws Exception {
    HttpResponse<byte[]> answer = json("DeleteStream", "{\"StreamName\":\"s\"}");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
    assertThat(header(answer, "content-type")).isEqualTo(JSON);
  }

  @Test
  void tellsErrorsWithTypeAndMessage() throws Exception {
    HttpResponse<byte[]> missing = json("DescribeStream", "{\"StreamName\":\"s\"}");
    assertThat(missing.statusCode()).isEqualTo(400);
    assertThat(header(missing, "x-amzn-ErrorType")).isEqualTo("ResourceNotFoundException");
    assertThat(text(missing))
        .isEqualTo("{\"__type\":\"ResourceNotFoundException\",\"message\":\"no s\"}");

    HttpResponse<byte[]> invalid = json("PutRecord", "{\"Data\":\"\",\"PartitionKey\":\"\"}");
    assertThat(text(invalid))
        .startsWith("{\"__type\":\"ValidationException\",\"message\":\"1 validation error detected")
        .contains("Value '' at 'partitionKey' failed to satisfy constraint");

    HttpResponse<byte[]> cbor =
        send("Kinesis_20131202.DescribeStream", CBOR, HEX.parseHex("a16a53747265616d4e616d656173"));
    assertThat(cbor.statusCode()).isEqualTo(400);
    assertThat(
            new PojoReader(new ReadLimits(8, 1000, 100))
                .read(BodyFormat.CBOR, cbor.body(), OpenRequest.builder()))
        .isEqualTo(Map.of("__type", "ResourceNotFoundException", "message", "no s"));
  }

  @Test
  void tellsWhatItCannotUnderstand() throws Exception {
    HttpResponse<byte[]> unknown = json("PutEverything", "{}");
    assertThat(unknown.statusCode()).isEqualTo(400);
    assertThat(text(unknown))
        .isEqualTo(
            "{\"__type\":\"UnknownOperationException\","
                + "\"message\":\"No operation Kinesis_20131202.PutEverything\"}");
    assertThat(text(json("PutRecord", "{"))).contains("\"__type\":\"SerializationException\"");
    HttpResponse<byte[]> cut = send("Kinesis_20131202.PutRecord", CBOR, HEX.parseHex("bf6a5374"));
    assertThat(header(cut, "x-amzn-ErrorType")).isEqualTo("SerializationException");
    assertThat(new String(cut.body(), StandardCharsets.ISO_8859_1))
        .contains("reached end-of-input (byte 2)");
    assertThat(text(send("Kinesis_20131202.PutRecord", "text/plain", bytes("{}"))))
        .contains("SerializationException")
        .contains("application/x-amz-cbor-1.1");
    assertThat(door.ask("POST / HTTP/1.1", "{}"))
        .startsWith("HTTP/1.1 403")
        .endsWith(
            "<AccessDeniedException>\n  <Message>Unable to determine service/operation name to be"
                + " authorized</Message>\n</AccessDeniedException>\n");
  }

  @Test
  void doesNotLookAtThePathUnlessARouteHasIt() throws Exception {
    door.router.route(HttpMethod.POST, "/here", c -> c.response().end("the route"));
    String head = " HTTP/1.1\r\nX-Amz-Target: Kinesis_20131202.DeleteStream";
    assertThat(door.ask("POST /anywhere" + head, "{}")).startsWith("HTTP/1.1 200");
    assertThat(door.ask("POST /here" + head, "{}")).endsWith("the route");
  }

  @Test
  void boundsBodiesByService() throws Exception {
    String record = "{\"Data\":\"\",\"PartitionKey\":\"a\"}";
    String largest = record + " ".repeat(10_000 - record.length());
    assertThat(json("PutRecord", largest).statusCode()).isEqualTo(200);
    assertThat(json("PutRecord", largest + " ").statusCode()).isEqualTo(413);
  }

  @Test
  void inflatesRequestsAndDeflatesAnswers() throws Exception {
    String data = "YWFh".repeat(1000);
    String record = "{\"Data\":\"" + data + "\",\"PartitionKey\":\"a\"}";
    HttpResponse<byte[]> answer =
        send(
            "Kinesis_20131202.PutRecord",
            JSON,
            gzip(bytes(record)),
            "Content-Encoding",
            "gzip",
            "Accept-Encoding",
            "br;q=1, gzip;q=0.5");
    assertThat(header(answer, "content-encoding")).isEqualTo("gzip");
    assertThat(answer.body().length).isLessThan(200);
    byte[] plain = new GZIPInputStream(new ByteArrayInputStream(answer.body())).readAllBytes();
    assertThat(new String(plain, StandardCharsets.UTF_8)).contains("\"SequenceNumber\":\"7\"");
    assertThat(header(json("PutRecord", record), "content-encoding")).isEqualTo("none");
    assertThat(header(json("PutRecord", record, "Accept-Encoding", "gzip;q=0"), "content-encoding"))
        .isEqualTo("none");
  }

  @Test
  void stopsInflatingAtTheLimit() throws Exception {
    byte[] bomb = gzip(bytes(" ".repeat(5_000_000)));
    assertThat(bomb.length).isLessThan(10_000);
    HttpResponse<byte[]> answer =
        send("Kinesis_20131202.PutRecord", JSON, bomb, "Content-Encoding", "gzip");
    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(text(json("PutRecord", "plain", "Content-Encoding", "gzip")))
        .contains("not valid gzip");
    assertThat(json("PutRecord", "{}", "Content-Encoding", "br").statusCode()).isEqualTo(400);
  }

  private static byte[] gzip(byte[] plain) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream coded = new GZIPOutputStream(out)) {
      coded.write(plain);
    }
    return out.toByteArray();
  }

  @Test
  void handsOverAndWritesMembersTheSdkLacks() throws Exception {
    door.router
        .service("kinesis")
        .operation(
            "DescribeStreamSummary",
            DescribeStreamSummaryRequest::builder,
            (context, request) -> {
              assertThat(context.extraMembers())
                  .isEqualTo(Map.of("New", List.of(1L, Map.of("a", "b"))));
              return Future.succeededFuture(
                  new OpenShape(
                      DescribeStreamSummaryResponse.builder().build(),
                      Map.of(
                          "StreamDescriptionSummary",
                          new OpenShape(
                              StreamDescriptionSummary.builder().streamName("s").build(),
                              Map.of("ChannelCount", 0)))));
            })
        .operation(
            "DescribeChannel",
            OpenRequest::builder,
            (context, request) ->
                Future.succeededFuture(OpenShape.of(Map.of("Got", context.extraMembers()))));
    assertThat(text(json("DescribeStreamSummary", "{\"New\":[1,{\"a\":\"b\"}],\"Null\":null}")))
        .isEqualTo("{\"StreamDescriptionSummary\":{\"StreamName\":\"s\",\"ChannelCount\":0}}");
    assertThat(text(json("DescribeChannel", "{\"ChannelARN\":\"arn\"}")))
        .isEqualTo("{\"Got\":{\"ChannelARN\":\"arn\"}}");
    assertThat(text(json("DescribeChannel", "{}")))
        .contains("Value null at 'channelARN' failed to satisfy constraint: Member must not be");
  }

  @Test
  void speaksTheErrorsOfTheTableService() throws Exception {
    door.router
        .service("dynamodb")
        .operation(
            "DescribeTable",
            DescribeTableRequest::builder,
            (context, request) -> {
              if (request.tableName().equals("fine")) {
                return Future.succeededFuture(DescribeTableResponse.builder().build());
              }
              throw AwsError.TRANSACTION_CANCELED
                  .because("cancelled")
                  .with(
                      "CancellationReasons",
                      List.of(CancellationReason.builder().code("None").build()));
            });
    String type = "application/x-amz-json-1.0";
    String target = "DynamoDB_20120810.DescribeTable";
    HttpResponse<byte[]> fine = send(target, type, bytes("{\"TableName\":\"fine\"}"));
    assertThat(text(fine)).isEqualTo("{}");
    assertThat(header(fine, "content-type")).isEqualTo(type);
    HttpResponse<byte[]> refused = send(target, type, bytes("{\"TableName\":\"other\"}"));
    assertThat(header(refused, "x-amzn-ErrorType")).isEqualTo("TransactionCanceledException");
    assertThat(text(refused))
        .isEqualTo(
            "{\"__type\":\"com.amazonaws.dynamodb.v20120810#TransactionCanceledException\","
                + "\"message\":\"cancelled\",\"CancellationReasons\":[{\"Code\":\"None\"}]}");
    assertThat(text(send(target, type, bytes("{}"))))
        .contains("\"__type\":\"com.amazon.coral.validate#ValidationException\"");
    assertThat(text(send("DynamoDB_20120810.Nothing", type, bytes("{}"))))
        .contains("\"__type\":\"com.amazon.coral.service#UnknownOperationException\"");
  }

  @Test
  void registersATargetOnce() {
    assertThatThrownBy(
            () -> door.router.service("kinesis").body("PutRecord", c -> c.response().end()))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> door.router.service("s3"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
