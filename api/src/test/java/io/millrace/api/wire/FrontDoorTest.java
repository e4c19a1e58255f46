package io.millrace.api.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.auth.Authenticator;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrontDoorTest {

  private static OpenDoor echo() throws Exception {
    OpenDoor door = new OpenDoor();
    door.router.route(
        HttpMethod.GET,
        "/version",
        context -> context.response().end(context.request().version().name()));
    door.router.route(
        HttpMethod.POST,
        "/length",
        context -> {
          AtomicInteger length = new AtomicInteger();
          Promise<Void> ended = Promise.promise();
          context.request().handler(piece -> length.addAndGet(piece.length()));
          context.request().endHandler(ended::complete);
          context.receiveBody();
          return ended.future().compose(v -> context.response().end("got " + length));
        });
    return door;
  }

  @Test
  void speaksHttp11AndHttp10() throws Exception {
    try (OpenDoor door = echo()) {
      assertThat(door.ask("GET /version HTTP/1.1", "")).endsWith("HTTP_1_1");
      try (RawConnection old = door.connect()) {
        assertThat(old.send("GET /version HTTP/1.0\r\n\r\n").readToEnd()).endsWith("HTTP_1_0");
      }
    }
  }

  @Test
  void speaksHttp2WithPriorKnowledge() throws Exception {
    try (OpenDoor door = echo()) {
      HttpClient client =
          door.vertx.createHttpClient(
              new HttpClientOptions()
                  .setProtocolVersion(HttpVersion.HTTP_2)
                  .setHttp2ClearTextUpgrade(false));
      String body =
          OpenDoor.await(
              client
                  .request(HttpMethod.GET, door.port(), "127.0.0.1", "/version")
                  .compose(request -> request.send())
                  .compose(HttpClientResponse::body)
                  .map(b -> b.toString()));
      assertThat(body).isEqualTo("HTTP_2");
    }
  }

  @Test
  void upgradesToHttp2() throws Exception {
    try (OpenDoor door = echo();
        java.net.http.HttpClient client = java.net.http.HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door.port() + "/version"))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(answer.body()).isEqualTo("HTTP_2");
    }
  }

  @Test
  void takesTargetsInAbsoluteForm() throws Exception {
    try (OpenDoor door = echo()) {
      assertThat(door.ask("GET http://media.example:8080/version?x=1 HTTP/1.1", ""))
          .startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void answersContinueBeforeTheBody() throws Exception {
    try (OpenDoor door = echo();
        RawConnection connection = door.connect()) {
      connection.send(
          "POST /length HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
      assertThat(connection.readHead()).isEqualTo("HTTP/1.1 100 Continue");
      assertThat(connection.send("12345").readAnswer()).endsWith("got 5");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Host: a\r\nHost: b\r\n",
        "Host: a\r\nHost: a\r\n",
        "Host: a\r\nTransfer-Encoding: gzip, chunked\r\n",
        "Host: a\r\nTransfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n",
      })
  void refusesAmbiguousHeads(String headers) throws Exception {
    try (OpenDoor door = echo();
        RawConnection connection = door.connect()) {
      connection.send("POST /length HTTP/1.1\r\n" + headers + "\r\n");
      assertThat(connection.readHead()).startsWith("HTTP/1.1 400");
    }
  }

  @Test
  void refusesExpectationsItCannotMeet() throws Exception {
    try (OpenDoor door = echo()) {
      assertThat(door.ask("POST /length HTTP/1.1\r\nExpect: miracles", "12345"))
          .startsWith("HTTP/1.1 417");
    }
  }

  @Test
  void boundsRequestLineAndHeaders() throws Exception {
    try (OpenDoor door = echo()) {
      assertThat(door.ask("GET /version?" + "a".repeat(65_400) + " HTTP/1.1", ""))
          .startsWith("HTTP/1.1 200");
      assertThat(door.ask("GET /version?" + "a".repeat(70_000) + " HTTP/1.1", ""))
          .contains(" 414 ");
      assertThat(door.ask("GET /version HTTP/1.1\r\nX: " + "a".repeat(60_000), ""))
          .startsWith("HTTP/1.1 200");
      assertThat(door.ask("GET /version HTTP/1.1\r\nX: " + "a".repeat(70_000), ""))
          .contains(" 431 ");
    }
  }

  @Test
  void usesAnEventLoopPerInstance() throws Exception {
    try (OpenDoor door =
        new OpenDoor(
            RouterSettings.defaults(),
            Authenticator.acceptAll(),
            settings -> settings.withInstances(2))) {
      Set<String> threads = ConcurrentHashMap.newKeySet();
      door.router.route(
          HttpMethod.GET,
          "/thread",
          context -> {
            threads.add(Thread.currentThread().getName());
            return context.response().end();
          });
      for (int i = 0; i < 4; i++) {
        door.ask("GET /thread HTTP/1.1", "");
      }
      assertThat(threads).hasSize(2);
    }
  }

  @Test
  void closesIdleConnections() throws Exception {
    try (OpenDoor door =
            new OpenDoor(
                RouterSettings.defaults(),
                Authenticator.acceptAll(),
                settings -> settings.withIdleTimeout(Duration.ofMillis(300)));
        RawConnection connection = door.connect()) {
      assertThat(connection.readToEnd()).isEmpty();
    }
  }

  @Test
  void finishesRequestsInFlightAndEndsLongStreams() throws Exception {
    try (OpenDoor door = new OpenDoor();
        RawConnection slow = door.connect();
        RawConnection endless = door.connect()) {
      Promise<Void> begun = Promise.promise();
      Promise<Void> answer = Promise.promise();
      Promise<Void> stop = Promise.promise();
      door.router.route(
          HttpMethod.GET,
          "/slow",
          context -> {
            begun.complete();
            return answer.future().compose(v -> context.response().end("done"));
          });
      door.router.route(
          HttpMethod.GET,
          "/endless",
          context -> {
            context.response().setChunked(true).write("first");
            return stop.future().compose(v -> context.response().end("last"));
          });
      door.door.onShutdown(
          () -> {
            stop.complete();
            answer.complete();
            return Future.succeededFuture();
          });
      slow.send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n");
      endless.send("GET /endless HTTP/1.1\r\nHost: h\r\n\r\n").readHead();
      OpenDoor.await(begun.future());
      Future<Void> closed = door.door.shutdown(Duration.ofSeconds(10));
      assertThat(slow.readAnswer()).endsWith("done");
      assertThat(endless.readToEnd()).contains("last");
      OpenDoor.await(closed);
      assertThatThrownBy(door::connect).isInstanceOf(java.net.ConnectException.class);
    }
  }

  @Test
  void cutsWhatDoesNotEndWithinTheGrace() throws Exception {
    try (OpenDoor door = new OpenDoor();
        RawConnection connection = door.connect()) {
      Promise<Void> begun = Promise.promise();
      door.router.route(
          HttpMethod.GET,
          "/never",
          context -> {
            begun.complete();
            return Promise.<Void>promise().future();
          });
      connection.send("GET /never HTTP/1.1\r\nHost: h\r\n\r\n");
      OpenDoor.await(begun.future());
      OpenDoor.await(door.door.shutdown(Duration.ofMillis(200)));
      assertThat(connection.readToEnd()).isEmpty();
    }
  }

  @Test
  void saysWhenThePortIsTaken() throws Exception {
    try (OpenDoor first = new OpenDoor()) {
      var second = io.vertx.core.Vertx.vertx();
      assertThatThrownBy(
              () ->
                  OpenDoor.await(
                      FrontDoor.open(
                          second,
                          FrontDoorSettings.on("127.0.0.1", first.port()),
                          request -> request.response().end())))
          .hasRootCauseInstanceOf(java.net.BindException.class);
      OpenDoor.await(second.close());
    }
  }
}
