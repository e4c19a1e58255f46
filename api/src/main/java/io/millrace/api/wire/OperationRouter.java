package io.millrace.api.wire;

import io.millrace.api.ApiMetrics;
import io.millrace.api.auth.Authenticator;
import io.millrace.api.constraint.ConstraintCheck;
import io.millrace.api.constraint.ConstraintTable;
import io.millrace.api.error.AwsError;
import io.millrace.api.json.PojoReader;
import io.millrace.api.json.PojoWriter;
import io.millrace.api.operation.Operation;
import io.millrace.api.operation.OperationTable;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/**
 * Where every room registers what it serves: AWS operations by name, plain HTTP routes by method
 * and pattern. Hand it to {@link FrontDoor} as the request handler. Thread-safe.
 */
public final class OperationRouter implements Handler<HttpServerRequest> {
  private static final String UNROUTED = "unrouted";

  private final Vertx vertx;
  private final RouterSettings settings;
  private final Authenticator authenticator;
  private final ApiMetrics metrics;
  private final RequestIds requestIds;
  private final OperationTable operations = OperationTable.load();
  private final ConstraintCheck constraints = new ConstraintCheck(ConstraintTable.load());
  private final PojoReader reader;
  private final Cors cors;
  private final RouteTable routes = new RouteTable();
  private final Set<String> registered = ConcurrentHashMap.newKeySet();

  public OperationRouter(
      Vertx vertx,
      RouterSettings settings,
      Authenticator authenticator,
      ApiMetrics metrics,
      RandomGenerator random) {
    this.vertx = vertx;
    this.settings = settings;
    this.authenticator = authenticator;
    this.metrics = metrics;
    this.requestIds = new RequestIds(random);
    this.reader = new PojoReader(settings.maxJsonDepth(), settings.maxJsonBodyBytes());
    this.cors = new Cors(settings.corsOrigin());
  }

  /**
   * Registers a JSON operation.
   *
   * @param name a name of the operation table, such as {@code CreateStream}
   * @param builder makes a fresh builder of its request type: {@code CreateStreamRequest::builder}
   * @throws IllegalArgumentException if the table has no such operation, or only plans it
   */
  public <I extends SdkPojo, B extends SdkPojo & SdkBuilder<B, I>> OperationRouter operation(
      String name, Supplier<B> builder, OperationHandler<I> handler) {
    return body(
        name,
        context ->
            request(context, builder)
                .compose(request -> handler.handle(context, request))
                .compose(response -> answer(context, response)));
  }

  /** Registers an operation with a JSON request and a response its handler writes itself. */
  public <I extends SdkPojo, B extends SdkPojo & SdkBuilder<B, I>> OperationRouter streaming(
      String name, Supplier<B> builder, StreamingHandler<I> handler) {
    return body(
        name,
        context -> request(context, builder).compose(request -> handler.handle(context, request)));
  }

  /** Registers an operation whose request body is a stream of bytes, such as PutMedia. */
  public OperationRouter body(String name, RouteHandler handler) {
    Operation row =
        operations
            .find(name)
            .filter(operation -> operation.status() == Operation.Status.SERVED)
            .orElseThrow(
                () -> new IllegalArgumentException(name + " is not served by operations.tsv"));
    routes.add(
        new RouteTable.Entry(
            HttpMethod.valueOf(row.method()), RoutePattern.parse(row.path()), name, handler));
    registered.add(name);
    return this;
  }

  /**
   * Registers a plain HTTP route.
   *
   * @param pattern an exact path; {@code {name}} stands for one segment and a final {@code /*} for
   *     everything below. Exact paths win over patterns, longer patterns over shorter ones. GET
   *     routes answer HEAD too.
   */
  public OperationRouter route(HttpMethod method, String pattern, RouteHandler handler) {
    routes.add(
        new RouteTable.Entry(method, RoutePattern.parse(pattern), method + " " + pattern, handler));
    return this;
  }

  /** Names of the AWS operations that have a handler, in name order. */
  public Set<String> registeredOperations() {
    return new TreeSet<>(registered);
  }

  @Override
  public void handle(HttpServerRequest request) {
    request.pause();
    String requestId = requestIds.next();
    request.response().putHeader("x-amzn-RequestId", requestId);
    cors.decorate(request.response());
    String path = request.path();
    RouteTable.Match match;
    try {
      HeadCheck.check(request);
      if (request.method().equals(HttpMethod.OPTIONS)) {
        request.resume();
        cors.preflight(request);
        return;
      }
      match = routes.find(request.method(), path == null || path.isEmpty() ? "/" : path);
    } catch (IllegalArgumentException e) {
      refuse(request, requestId, AwsError.BAD_REQUEST.because("Bad path: " + e.getMessage()));
      return;
    } catch (RuntimeException e) {
      refuse(request, requestId, e);
      return;
    }
    switch (match) {
      case RouteTable.Match.Found(RouteTable.Entry entry, Map<String, String> parameters) ->
          exchange(request, requestId, entry.name(), parameters)
              .run(authenticator, entry.handler());
      case RouteTable.Match.OtherMethods(Set<String> allowed) -> {
        String methods = String.join(", ", allowed);
        request.response().putHeader("allow", methods);
        refuse(
            request,
            requestId,
            AwsError.METHOD_NOT_ALLOWED.because(path + " takes " + methods + " only"));
      }
      case RouteTable.Match.Nothing() -> refuse(request, requestId, unknown(request));
    }
  }

  private void refuse(HttpServerRequest request, String requestId, RuntimeException failure) {
    exchange(request, requestId, UNROUTED, Map.of()).fail(failure);
  }

  private Exchange exchange(
      HttpServerRequest request, String requestId, String name, Map<String, String> parameters) {
    return new Exchange(
        new OperationContext(
            requestId, name, request, vertx.getOrCreateContext(), parameters, settings),
        metrics);
  }

  private RuntimeException unknown(HttpServerRequest request) {
    String asked = request.method() + " " + request.path();
    Optional<Operation> planned =
        operations.all().stream()
            .filter(operation -> operation.path().equals(request.path()))
            .findFirst();
    if (planned.isPresent()) {
      return AwsError.UNKNOWN_OPERATION.because(
          planned.get().name() + " (" + asked + ") is not served by this server");
    }
    String hint =
        routes
            .nearest(Optional.ofNullable(request.path()).orElse("/"))
            .map(path -> " Did you mean " + path + "? Paths are case-sensitive.")
            .orElse("");
    return AwsError.UNKNOWN_OPERATION.because("No operation at " + asked + "." + hint);
  }

  private <I extends SdkPojo, B extends SdkPojo & SdkBuilder<B, I>> Future<I> request(
      OperationContext context, Supplier<B> builder) {
    return JsonBody.read(context, settings)
        .map(
            body -> {
              context.authentication().checkBody(body);
              B target = builder.get();
              reader.read(body.getBytes(), target);
              I request = target.build();
              constraints.check(request);
              return request;
            });
  }

  private Future<Void> answer(OperationContext context, SdkPojo response) {
    byte[] body = PojoWriter.write(response);
    context.response().putHeader("content-type", "application/json");
    return context.response().end(Buffer.buffer(body));
  }
}
