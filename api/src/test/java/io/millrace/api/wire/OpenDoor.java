package io.millrace.api.wire;

import io.millrace.api.ApiMetrics;
import io.millrace.api.auth.Authenticator;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A front door on a free port with a router to register with. */
final class OpenDoor implements AutoCloseable {
  final Vertx vertx = Vertx.vertx();
  final ApiMetrics metrics = new ApiMetrics();
  final OperationRouter router;
  final FrontDoor door;

  OpenDoor() throws Exception {
    this(RouterSettings.defaults(), Authenticator.acceptAll(), s -> s);
  }

  OpenDoor(
      RouterSettings settings, Authenticator authenticator, UnaryOperator<FrontDoorSettings> change)
      throws Exception {
    router = new OperationRouter(vertx, settings, authenticator, metrics, new SplittableRandom(7));
    door = await(FrontDoor.open(vertx, change.apply(FrontDoorSettings.on("127.0.0.1", 0)), router));
  }

  static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  int port() {
    return door.port();
  }

  RawConnection connect() throws Exception {
    return new RawConnection(port());
  }

  /** Sends one HTTP/1.1 request and reads its answer. */
  String ask(String head, String body) throws Exception {
    try (RawConnection connection = connect()) {
      String length = body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n";
      return connection.send(head + "\r\nHost: h\r\n" + length + "\r\n" + body).readAnswer();
    }
  }

  @Override
  public void close() throws Exception {
    await(vertx.close());
  }
}
