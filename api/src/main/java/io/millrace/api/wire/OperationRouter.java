package io.millrace.api.wire;

import io.millrace.api.ApiMetrics;
import io.millrace.api.auth.Authenticator;
import io.millrace.api.constraint.ConstraintCheck;
import io.millrace.api.constraint.ConstraintTable;
import io.millrace.api.content.BodyBudget;
import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.api.operation.AwsService;
import io.millrace.api.operation.Operation;
import io.millrace.api.operation.OperationTable;
import io.millrace.api.route.RoutePattern;
import io.millrace.api.route.RouteTable;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where every room registers what it serves: AWS operations by service and name, plain HTTP routes
 * by method and pattern. An operation is found by its path or, where its service says so, by the
 * {@code X-Amz-Target} header of a POST request, by the path of Smithy RPC v2, or by being a form;
 * a registered path wins over all of these. Hand it to {@link FrontDoor} as the request handler.
 * Thread-safe.
 */
public final class OperationRouter implements Handler<HttpServerRequest> {
  private static final String UNROUTED = "unrouted";
  private static final String TARGET = "x-amz-target";
  private static final Pattern RPC_PATH =
      Pattern.compile(".*/service/([A-Za-z0-9_.]{1,128})/operation/([A-Za-z0-9_]{1,128})");

  private final Vertx vertx;
  private final RouterSettings settings;
  private final Authenticator authenticator;
  private final ApiMetrics metrics;
  private final RequestIds requestIds;
  private final OperationTable operations = OperationTable.load();
  private final ConstraintCheck constraints = new ConstraintCheck(ConstraintTable.load());
  private final BodyBudget budget;
  private final Cors cors;
  private final RouteTable<RouteHandler> routes = new RouteTable<>();
  private final ConcurrentMap<String, Target> targets = new ConcurrentHashMap<>();
  private final AtomicReference<@Nullable Target> formTarget = new AtomicReference<>();
  private final ConcurrentMap<AwsService, ServiceRoutes> services = new ConcurrentHashMap<>();
  private final Set<String> registered = ConcurrentHashMap.newKeySet();

  /** Who serves an operation that is named by target. */
  private record Target(Operation operation, String action, RouteHandler handler) {}

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
    this.budget = new BodyBudget(settings.maxBufferedBytes());
    this.cors = new Cors(settings.corsOrigin());
  }

  /**
   * Where the operations of a service are registered.
   *
   * @param model name of the service's model as in the operation table, such as {@code kinesis} or
   *     {@code kinesis-video-media}
   * @return always the same for a service
   * @throws IllegalArgumentException if there is no such service
   */
  public ServiceRoutes service(String model) {
    return services.computeIfAbsent(
        AwsService.of(model), service -> new ServiceRoutes(this, service, settings));
  }

  /** The row of an operation that may have a handler. */
  Operation served(AwsService service, String name) {
    return operations
        .find(service, name)
        .filter(operation -> operation.status() == Operation.Status.SERVED)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    service.model() + " " + name + " is not served by operations.tsv"));
  }

  ConstraintCheck constraints() {
    return constraints;
  }

  void register(Operation row, RouteHandler handler) {
    if (row.isTargeted()) {
      Target target = new Target(row, row.action(), handler);
      if (targets.putIfAbsent(row.target(), target) != null) {
        throw new IllegalStateException(row.target() + " has two handlers");
      }
      if (row.service() == AwsService.CLOUDWATCH && !formTarget.compareAndSet(null, target)) {
        // A form names its action in the body, which is read after the route is chosen.
        throw new IllegalStateException("only one operation can be served by forms");
      }
    } else {
      routes.add(
          new RouteTable.Entry<>(
              HttpMethod.valueOf(row.method()),
              RoutePattern.parse(row.path()),
              row.action(),
              handler));
    }
    registered.add(row.action());
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
        new RouteTable.Entry<>(
            method, RoutePattern.parse(pattern), method + " " + pattern, handler));
    return this;
  }

  /** Actions of the AWS operations that have a handler, in name order. */
  public Set<String> registeredOperations() {
    return new TreeSet<>(registered);
  }

  @Override
  public void handle(HttpServerRequest request) {
    request.pause();
    String requestId = requestIds.next();
    request.response().putHeader("x-amzn-RequestId", requestId);
    cors.decorate(request.response());
    @Nullable String target =
        request.method().equals(HttpMethod.POST) ? request.getHeader(TARGET) : null;
    try {
      HeadCheck.check(request);
      if (request.method().equals(HttpMethod.OPTIONS)) {
        request.resume();
        cors.preflight(request);
        return;
      }
      RouteTable.Match<RouteHandler> match = routes.find(request.method(), path(request));
      if (match instanceof RouteTable.Match.Found<RouteHandler>(var entry, var parameters)) {
        exchange(request, requestId, entry.name(), Dialect.REST, parameters)
            .run(authenticator, entry.handler());
      } else if (target != null) {
        targeted(request, requestId, target);
      } else if (isRpc(request)) {
        rpc(request, requestId, path(request));
      } else if (isForm(request)) {
        form(request, requestId);
      } else {
        throw unserved(request, match);
      }
    } catch (IllegalArgumentException e) {
      refuse(request, requestId, AwsError.BAD_REQUEST.because("Bad path: " + e.getMessage()));
    } catch (RuntimeException e) {
      refuse(request, requestId, e);
    }
  }

  private static String path(HttpServerRequest request) {
    String path = request.path();
    return path == null || path.isEmpty() ? "/" : path;
  }

  private void targeted(HttpServerRequest request, String requestId, String name) {
    request.response().putHeader("x-amz-id-2", requestIds.extended());
    Target target = targets.get(name);
    AwsService service =
        target == null ? serviceOf(name).orElse(AwsService.KINESIS) : target.operation().service();
    Dialect dialect;
    try {
      dialect = Dialect.targeted(service, request.getHeader("content-type"));
    } catch (AwsException e) {
      exchange(request, requestId, UNROUTED, Dialect.json(service), Map.of()).fail(e);
      return;
    }
    if (target == null) {
      exchange(request, requestId, UNROUTED, dialect, Map.of()).fail(unknownTarget(name));
      return;
    }
    answer(request, requestId, target, dialect);
  }

  private static boolean isRpc(HttpServerRequest request) {
    return request.method().equals(HttpMethod.POST)
        && Answer.RPC_CBOR.equals(request.getHeader(Answer.RPC_HEADER));
  }

  /** The path is {@code /service/PREFIX/operation/NAME}, whatever stands before it. */
  private void rpc(HttpServerRequest request, String requestId, String path) {
    Matcher named = RPC_PATH.matcher(path);
    String name = named.matches() ? named.group(1) + "." + named.group(2) : "";
    Target target = targets.get(name);
    if (target == null) {
      Dialect dialect = Dialect.rpc(serviceOf(name).orElse(AwsService.KINESIS));
      exchange(request, requestId, UNROUTED, dialect, Map.of()).fail(unknownTarget(name));
    } else {
      answer(request, requestId, target, Dialect.rpc(target.operation().service()));
    }
  }

  private static boolean isForm(HttpServerRequest request) {
    return request.method().equals(HttpMethod.POST)
        && path(request).equals("/")
        && Dialect.isForm(request.getHeader("content-type"));
  }

  private void form(HttpServerRequest request, String requestId) {
    Dialect dialect = Dialect.query(AwsService.CLOUDWATCH);
    Target target = formTarget.get();
    if (target == null) {
      AwsException unknown = AwsError.UNKNOWN_OPERATION.because("Forms are not served");
      exchange(request, requestId, UNROUTED, dialect, Map.of()).fail(unknown);
    } else {
      answer(request, requestId, target, dialect);
    }
  }

  private void answer(HttpServerRequest request, String requestId, Target target, Dialect dialect) {
    exchange(request, requestId, target.action(), dialect, Map.of())
        .run(authenticator, target.handler());
  }

  private Optional<AwsService> serviceOf(String target) {
    return operations.all().stream()
        .filter(row -> row.isTargeted() && target.startsWith(row.targetPrefix() + "."))
        .map(Operation::service)
        .findFirst();
  }

  private AwsException unknownTarget(String target) {
    boolean planned =
        operations.all().stream().anyMatch(row -> row.isTargeted() && row.target().equals(target));
    return AwsError.UNKNOWN_OPERATION.because(
        planned ? target + " is not served by this server" : "No operation " + target);
  }

  private void refuse(HttpServerRequest request, String requestId, RuntimeException failure) {
    exchange(request, requestId, UNROUTED, Dialect.REST, Map.of()).fail(failure);
  }

  private Exchange exchange(
      HttpServerRequest request,
      String requestId,
      String name,
      Dialect dialect,
      Map<String, String> parameters) {
    return new Exchange(
        new OperationContext(
            requestId,
            name,
            dialect,
            request,
            vertx.getOrCreateContext(),
            parameters,
            settings,
            budget),
        metrics);
  }

  private AwsException unserved(HttpServerRequest request, RouteTable.Match<RouteHandler> match) {
    String path = path(request);
    if (path.equals("/") && request.method().equals(HttpMethod.POST)) {
      return AwsError.UNDETERMINED_OPERATION.because(
          "Unable to determine service/operation name to be authorized");
    }
    if (match instanceof RouteTable.Match.OtherMethods<RouteHandler>(Set<String> allowed)) {
      String methods = String.join(", ", allowed);
      request.response().putHeader("allow", methods);
      return AwsError.METHOD_NOT_ALLOWED.because(path + " takes " + methods + " only");
    }
    String asked = request.method() + " " + request.path();
    Optional<Operation> planned =
        operations.all().stream()
            .filter(row -> !row.isTargeted() && row.path().equals(path))
            .findFirst();
    if (planned.isPresent()) {
      return AwsError.UNKNOWN_OPERATION.because(
          planned.get().name() + " (" + asked + ") is not served by this server");
    }
    String hint =
        routes
            .nearest(path)
            .map(near -> " Did you mean " + near + "? Paths are case-sensitive.")
            .orElse("");
    return AwsError.UNKNOWN_OPERATION.because("No operation at " + asked + "." + hint);
  }
}
