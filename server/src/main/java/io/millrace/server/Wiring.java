package io.millrace.server;

import io.millrace.api.ApiMetrics;
import io.millrace.api.auth.Authenticator;
import io.millrace.api.wire.FrontDoor;
import io.millrace.api.wire.OperationRouter;
import io.millrace.server.config.HttpSettings;
import io.millrace.server.config.Settings;
import io.millrace.server.health.Readiness;
import io.millrace.server.health.Readiness.State;
import io.millrace.server.metrics.Exposition;
import io.millrace.server.page.DemoPage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/** Constructor calls in path order: what is opened first is closed last. */
final class Wiring {
  private static final Duration OPEN_LIMIT = Duration.ofSeconds(30);

  private final Teardown teardown = new Teardown();
  private final RandomGenerator random = new SecureRandom();
  private final Readiness readiness = new Readiness();
  private final HttpSettings http;
  private final Path data;
  private final Vertx vertx;
  private final FrontDoor door;

  private Wiring(Settings settings) {
    http = HttpSettings.read(settings);
    data = Path.of(settings.text("data")).toAbsolutePath();
    vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(http.door().instances()));
    teardown.add("vertx", () -> await(vertx.close(), OPEN_LIMIT));

    Exposition metrics = new Exposition(vertx);
    teardown.add("metrics", metrics);
    ApiMetrics apiMetrics = new ApiMetrics();
    OperationRouter router =
        new OperationRouter(vertx, http.router(), Authenticator.acceptAll(), apiMetrics, random);
    readiness.register(router);
    metrics.register(router);
    new DemoPage().register(router);

    door = await(FrontDoor.open(vertx, http.door(), router), OPEN_LIMIT);
    teardown.add("door", () -> await(door.shutdown(http.shutdownGrace()), OPEN_LIMIT));
  }

  /**
   * Opens everything.
   *
   * @throws StartFailure after closing again what had been opened
   */
  static Wiring connect(Settings settings) {
    Wiring wiring = new Wiring(settings);
    wiring.readiness.become(State.READY);
    return wiring;
  }

  String localUrl() {
    return "http://127.0.0.1:" + door.port();
  }

  String publicUrl() {
    return http.publicUrl().isEmpty() ? localUrl() : http.publicUrl();
  }

  Path nativeCache() {
    return data.resolve("native");
  }

  void onClose(String name, AutoCloseable close) {
    teardown.add(name, close);
  }

  void close() {
    readiness.become(State.DRAINING);
    teardown.run();
  }

  private static <T> T await(Future<T> future, Duration limit) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartFailure("interrupted", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new StartFailure(String.valueOf(cause.getMessage()), cause);
    } catch (TimeoutException e) {
      throw new StartFailure("not done within " + limit.toSeconds() + " s", e);
    }
  }
}
