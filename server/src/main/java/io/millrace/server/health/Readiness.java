package io.millrace.server.health;

import io.millrace.api.wire.OperationRouter;
import io.vertx.core.http.HttpMethod;
import java.util.Locale;

/**
 * Answers {@code /healthz} (the process runs) and {@code /readyz} (it takes work: 200, otherwise
 * 503 with the state's name). Thread-safe.
 */
public final class Readiness {
  /** Life of the server. */
  public enum State {
    STARTING,
    READY,
    DRAINING
  }

  private volatile State state = State.STARTING;

  public void become(State next) {
    state = next;
  }

  public State state() {
    return state;
  }

  /** Registers both routes. */
  public void register(OperationRouter router) {
    router.route(
        HttpMethod.GET,
        "/healthz",
        context -> {
          context.response().putHeader("content-type", "text/plain");
          return context.response().end("ok\n");
        });
    router.route(
        HttpMethod.GET,
        "/readyz",
        context -> {
          State now = state;
          context.response().setStatusCode(now == State.READY ? 200 : 503);
          context.response().putHeader("content-type", "text/plain");
          return context.response().end(now.name().toLowerCase(Locale.ROOT) + "\n");
        });
  }
}
