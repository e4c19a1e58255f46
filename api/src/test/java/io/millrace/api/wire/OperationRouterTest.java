package io.millrace.api.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.millrace.api.auth.Authenticator;
import io.millrace.api.error.AwsError;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.kinesisvideo.model.CreateStreamRequest;
import software.amazon.awssdk.services.kinesisvideo.model.CreateStreamResponse;
import software.amazon.awssdk.services.kinesisvideomedia.model.GetMediaRequest;

class OperationRouterTest {

  private static OpenDoor withCreateStream() throws Exception {
    OpenDoor door = new OpenDoor();
    door.router
        .service("kinesisvideo")
        .operation(
            "CreateStream",
            CreateStreamRequest::builder,
            (context, request) ->
                Future.succeededFuture(
                    CreateStreamResponse.builder()
                        .streamARN("arn:" + request.streamName())
                        .build()));
    return door;
  }

  @Test
  void servesAnOperation() throws Exception {
    try (OpenDoor door = withCreateStream()) {
      assertThat(door.ask("POST /createStream HTTP/1.1", "{\"StreamName\":\"cam\"}"))
          .startsWith("HTTP/1.1 200 OK")
          .contains("content-type: application/json")
          .containsPattern("x-amzn-RequestId: [0-9a-f-]{36}")
          .contains("access-control-allow-origin: *")
          .endsWith("{\"StreamARN\":\"arn:cam\"}");
      assertThat(door.router.registeredOperations()).containsExactly("kinesisvideo:CreateStream");
      // Accounted once the answer has left, which the client may see first.
      await().until(() -> door.metrics.inFlight() == 0);
      assertThat(door.metrics.operations().get("kinesisvideo:CreateStream").succeeded())
          .isEqualTo(1);
    }
  }

  @Test
  void tellsWhatIsWrongWithTheRequest() throws Exception {
    try (OpenDoor door = withCreateStream()) {
      assertThat(door.ask("POST /createStream HTTP/1.1", "{}"))
          .startsWith("HTTP/1.1 400")
          .contains("x-amzn-ErrorType: InvalidArgumentException")
          .contains("{\"Message\":\"1 validation error detected: Value null at 'streamName'");
      assertThat(door.ask("POST /createStream HTTP/1.1", "{\"StreamName\":7}"))
          .startsWith("HTTP/1.1 400")
          .contains("x-amzn-ErrorType: SerializationException")
          .contains("(line 1, column 15)");
    }
  }

  @Test
  void hintsAtTheRightPath() throws Exception {
    try (OpenDoor door = withCreateStream()) {
      assertThat(door.ask("POST /CreateStream HTTP/1.1", "{}"))
          .startsWith("HTTP/1.1 404")
          .contains("x-amzn-ErrorType: UnknownOperationException")
          .contains(
              "{\"Output\":{\"__type\":\"com.amazon.coral.service#UnknownOperationException\"},"
                  + "\"Version\":\"1.0\",\"Message\":\"No operation at POST /CreateStream. Did you"
                  + " mean /createStream? Paths are case-sensitive.\"}");
      assertThat(door.ask("POST /something/else HTTP/1.1", ""))
          .contains("No operation at POST /something/else.\"}");
      assertThat(door.ask("POST /getClip HTTP/1.1", "{}"))
          .contains("GetClip (POST /getClip) is not served by this server");
      assertThat(door.ask("GET /createStream HTTP/1.1", ""))
          .startsWith("HTTP/1.1 405")
          .contains("allow: POST");
    }
  }

  @Test
  void boundsBodies() throws Exception {
    try (OpenDoor door = withCreateStream()) {
      String name = "{\"StreamName\":\"cam\"}";
      String largest = name + " ".repeat((1 << 20) - name.length());
      assertThat(door.ask("POST /createStream HTTP/1.1", largest)).startsWith("HTTP/1.1 200");
      assertThat(door.ask("POST /createStream HTTP/1.1", largest + " ")).startsWith("HTTP/1.1 413");
      try (RawConnection chunked = door.connect()) {
        chunked.send(
            "POST /createStream HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
        chunked.send("100001\r\n" + " ".repeat(0x100001) + "\r\n0\r\n\r\n");
        assertThat(chunked.readAnswer()).startsWith("HTTP/1.1 413");
      }
    }
  }

  @Test
  void boundsWhatAllBodiesHoldTogether() throws Exception {
    RouterSettings defaults = RouterSettings.defaults();
    RouterSettings tight =
        new RouterSettings(
            defaults.maxBodyBytes(),
            defaults.maxDepth(),
            defaults.maxTokens(),
            100,
            defaults.bodyTimeout(),
            defaults.gzipMinBytes(),
            defaults.discardBytes(),
            defaults.discardTimeout(),
            defaults.corsOrigin());
    try (OpenDoor door = new OpenDoor(tight, Authenticator.acceptAll(), s -> s);
        RawConnection held = door.connect()) {
      Promise<Void> begun = Promise.promise();
      Promise<CreateStreamResponse> answer = Promise.promise();
      door.router
          .service("kinesisvideo")
          .operation(
              "CreateStream",
              CreateStreamRequest::builder,
              (context, request) -> {
                begun.tryComplete();
                return answer.future();
              });
      String body = "{\"StreamName\":\"cam\"}";
      String padded = body + " ".repeat(60 - body.length());
      held.send("POST /createStream HTTP/1.1\r\nHost: h\r\nContent-Length: 60\r\n\r\n" + padded);
      OpenDoor.await(begun.future());
      assertThat(door.ask("POST /createStream HTTP/1.1", padded))
          .startsWith("HTTP/1.1 503")
          .contains("x-amzn-ErrorType: ServiceUnavailableException");
      answer.complete(CreateStreamResponse.builder().build());
      assertThat(held.readAnswer()).startsWith("HTTP/1.1 200");
      String whole = body + " ".repeat(100 - body.length());
      await().until(() -> door.ask("POST /createStream HTTP/1.1", whole).contains(" 200 "));
      assertThat(door.ask("POST /createStream HTTP/1.1", whole + " ")).startsWith("HTTP/1.1 503");
    }
  }

  @Test
  void givesSlowBodiesATimeLimit() throws Exception {
    RouterSettings patient = RouterSettings.defaults();
    RouterSettings hasty =
        new RouterSettings(
            patient.maxBodyBytes(),
            patient.maxDepth(),
            patient.maxTokens(),
            patient.maxBufferedBytes(),
            Duration.ofMillis(200),
            patient.gzipMinBytes(),
            patient.discardBytes(),
            Duration.ofMillis(200),
            patient.corsOrigin());
    try (OpenDoor door = new OpenDoor(hasty, Authenticator.acceptAll(), s -> s);
        RawConnection connection = door.connect()) {
      door.router
          .service("kinesisvideo")
          .operation(
              "CreateStream",
              CreateStreamRequest::builder,
              (context, request) -> Future.succeededFuture(CreateStreamResponse.builder().build()));
      connection.send("POST /createStream HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n{");
      assertThat(connection.readToEnd()).startsWith("HTTP/1.1 408");
    }
  }

  @Test
  void readsTheAnswerBeforeItHangsUpOnALargeBody() throws Exception {
    try (OpenDoor door = withCreateStream();
        RawConnection connection = door.connect()) {
      connection.send("POST /createStream HTTP/1.1\r\nHost: h\r\nContent-Length: 3000000\r\n\r\n");
      assertThat(connection.readAnswer()).startsWith("HTTP/1.1 413");
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 300; i++) {
                  connection.send("x".repeat(10_000));
                }
                assertThat(connection.readToEnd()).isEmpty();
                throw new java.io.IOException("closed");
              })
          .isInstanceOf(java.io.IOException.class);
    }
  }

  @Test
  void keepsTheConnectionAfterARefusal() throws Exception {
    try (OpenDoor door = withCreateStream();
        RawConnection connection = door.connect()) {
      connection.send("POST /nothing HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody");
      assertThat(connection.readAnswer()).startsWith("HTTP/1.1 404");
      String body = "{\"StreamName\":\"cam\"}";
      connection.send(
          "POST /createStream HTTP/1.1\r\nHost: h\r\nContent-Length: 20\r\n\r\n" + body);
      assertThat(connection.readAnswer()).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void refusesBeforeTheBodyIsAskedFor() throws Exception {
    AtomicReference<String> asked = new AtomicReference<>();
    Authenticator closed =
        head -> {
          asked.set(head.method() + " " + head.target() + " " + head.operation());
          return Future.failedFuture(AwsError.NOT_AUTHORIZED.because("no"));
        };
    try (OpenDoor door = new OpenDoor(RouterSettings.defaults(), closed, s -> s);
        RawConnection connection = door.connect()) {
      door.router
          .service("kinesis-video-media")
          .body("PutMedia", context -> context.response().end("reached"));
      connection.send(
          "POST /putMedia?a=b HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n"
              + "Transfer-Encoding: chunked\r\n\r\n");
      assertThat(connection.readHead())
          .startsWith("HTTP/1.1 401")
          .contains("x-amzn-ErrorType: NotAuthorizedException");
      assertThat(asked).hasValue("POST /putMedia?a=b kinesisvideo:PutMedia");
    }
  }

  @Test
  void keepsInternalFailuresToItselfAndLogsThem() throws Exception {
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    Logger logger = (Logger) LoggerFactory.getLogger(Exchange.class);
    logger.addAppender(lines);
    try (OpenDoor door = new OpenDoor()) {
      door.router.route(
          HttpMethod.GET,
          "/broken",
          context -> {
            throw new IllegalStateException("secret detail");
          });
      String answer = door.ask("GET /broken HTTP/1.1", "");
      assertThat(answer)
          .startsWith("HTTP/1.1 500")
          .contains("x-amzn-ErrorType: InternalFailure")
          .doesNotContain("secret");
      door.ask("GET /no%0dsuch HTTP/1.1", "");
      assertThat(lines.list).hasSize(2);
      ILoggingEvent failure = lines.list.get(0);
      assertThat(failure.getLevel()).isEqualTo(Level.ERROR);
      assertThat(failure.getThrowableProxy().getMessage()).isEqualTo("secret detail");
      String requestId = answer.split("x-amzn-RequestId: ")[1].split("\r\n")[0];
      assertThat(failure.getFormattedMessage())
          .startsWith("request_failed request_id=" + requestId)
          .contains("status=500")
          .contains("error=InternalFailure");
      ILoggingEvent refusal = lines.list.get(1);
      assertThat(refusal.getLevel()).isEqualTo(Level.INFO);
      assertThat(refusal.getThrowableProxy()).isNull();
      assertThat(refusal.getFormattedMessage()).contains("status=404").doesNotContain("\n");
    } finally {
      logger.detachAppender(lines);
    }
  }

  @Test
  void cutsAStreamThatFailsMidway() throws Exception {
    try (OpenDoor door = new OpenDoor();
        RawConnection connection = door.connect()) {
      door.router
          .service("kinesis-video-media")
          .streaming(
              "GetMedia",
              GetMediaRequest::builder,
              (context, request) -> {
                context.response().setChunked(true).putHeader("content-type", "video/webm");
                return context
                    .response()
                    .write(request.streamName())
                    .compose(v -> Future.failedFuture(new IllegalStateException("disk")));
              });
      String body =
          "{\"StreamName\":\"cam\",\"StartSelector\":{\"StartSelectorType\":\"EARLIEST\"}}";
      connection.send(
          "POST /getMedia HTTP/1.1\r\nHost: h\r\nContent-Length: "
              + body.length()
              + "\r\n\r\n"
              + body);
      assertThat(connection.readToEnd())
          .startsWith("HTTP/1.1 200")
          .contains("video/webm")
          .endsWith("3\r\ncam\r\n");
    }
  }

  @Test
  void answersPreflights() throws Exception {
    try (OpenDoor door = withCreateStream()) {
      assertThat(
              door.ask(
                  "OPTIONS /createStream HTTP/1.1\r\nOrigin: http://page\r\n"
                      + "Access-Control-Request-Headers: X-Amz-Date, amz-sdk-request, cookie",
                  ""))
          .startsWith("HTTP/1.1 204")
          .contains("access-control-allow-origin: *")
          .contains("authorization, content-type, range, x-amz-date, amz-sdk-request\r\n")
          .contains("POST")
          .doesNotContain("cookie");
    }
  }

  @Test
  void matchesRoutesBySpecificity() throws Exception {
    try (OpenDoor door = new OpenDoor()) {
      OperationRouter router = door.router;
      router.route(HttpMethod.GET, "/*", c -> c.response().end("rest " + c.pathParameter("*")));
      router.route(
          HttpMethod.GET, "/v1/streams/{name}", c -> c.response().end(c.pathParameter("name")));
      router.route(HttpMethod.PUT, "/v1/streams/{name}/media", c -> c.response().end("put media"));
      router.route(HttpMethod.GET, "/v1/streams/all", c -> c.response().end("literal"));
      router.route(
          HttpMethod.GET, "/q", c -> c.response().end(c.queryParameter("at").orElse("none")));
      assertThat(door.ask("GET /v1/streams/all HTTP/1.1", "")).endsWith("literal");
      assertThat(door.ask("GET /v1/streams/a%2Fb+c HTTP/1.1", "")).endsWith("a/b+c");
      assertThat(door.ask("PUT /v1/streams/x/media HTTP/1.1", "")).endsWith("put media");
      assertThat(door.ask("GET /css/a.css HTTP/1.1", "")).endsWith("rest css/a.css");
      assertThat(door.ask("GET / HTTP/1.1", "")).endsWith("rest ");
      assertThat(door.ask("GET /css/%2e%2e/a HTTP/1.1", "")).startsWith("HTTP/1.1 400");
      assertThat(door.ask("GET /css/%zz HTTP/1.1", "")).startsWith("HTTP/1.1 400");
      assertThat(door.ask("PUT /v1/streams/x HTTP/1.1", "")).startsWith("HTTP/1.1 405");
      assertThat(door.ask("GET /q?at=a%20b+c HTTP/1.1", "")).endsWith("a b c");
      assertThat(door.ask("GET /q?at=1&at=2 HTTP/1.1", "")).startsWith("HTTP/1.1 400");
      try (RawConnection connection = door.connect()) {
        connection.send("HEAD /q HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        assertThat(connection.readToEnd()).startsWith("HTTP/1.1 200").endsWith("\r\n\r\n");
      }
    }
  }

  @Test
  void answersOnTheRequestsOwnLoop() throws Exception {
    try (OpenDoor door = new OpenDoor()) {
      door.router.route(
          HttpMethod.GET,
          "/elsewhere",
          context -> {
            Promise<Void> promise = Promise.promise();
            Thread.ofPlatform()
                .start(() -> promise.fail(AwsError.RESOURCE_NOT_FOUND.because("gone")));
            return promise.future();
          });
      assertThat(door.ask("GET /elsewhere HTTP/1.1", ""))
          .startsWith("HTTP/1.1 404")
          .endsWith("{\"Message\":\"gone\"}");
    }
  }

  @Test
  void registersOnlyWhatTheTableServes() throws Exception {
    try (OpenDoor door = withCreateStream()) {
      assertThatThrownBy(
              () ->
                  door.router
                      .service("kinesis-video-archived-media")
                      .body("GetClip", c -> c.response().end()))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(
              () ->
                  door.router.service("kinesisvideo").body("CreateStream", c -> c.response().end()))
          .isInstanceOf(IllegalStateException.class);
    }
  }
}
