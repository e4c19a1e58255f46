package io.millrace.api.wire;

import io.millrace.api.auth.Authentication;
import io.millrace.api.content.BodyBudget;
import io.millrace.api.error.AwsError;
import io.millrace.api.route.RoutePattern;
import io.millrace.api.shape.BodyFormat;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** One request on its way to its handler. Belongs to the event loop of its connection. */
public final class OperationContext {
  /** Name under which {@link #pathParameter} gives what a prefix route left over. */
  public static final String REST = RoutePattern.REST;

  private final String requestId;
  private final String operation;
  private final Dialect dialect;
  private final HttpServerRequest request;
  private final Context vertxContext;
  private final Map<String, String> pathParameters;
  private final RouterSettings settings;
  private final BodyBudget budget;
  private Authentication authentication = Authentication.ANONYMOUS;
  private Map<String, Object> extraMembers = Map.of();
  private long bodyBytes;

  OperationContext(
      String requestId,
      String operation,
      Dialect dialect,
      HttpServerRequest request,
      Context vertxContext,
      Map<String, String> pathParameters,
      RouterSettings settings,
      BodyBudget budget) {
    this.requestId = requestId;
    this.operation = operation;
    this.dialect = dialect;
    this.request = request;
    this.vertxContext = vertxContext;
    this.pathParameters = pathParameters;
    this.settings = settings;
    this.budget = budget;
  }

  void authenticated(Authentication result) {
    authentication = result;
  }

  void extraMembers(Map<String, Object> members) {
    extraMembers = members;
  }

  Dialect dialect() {
    return dialect;
  }

  /** Whether so much more of the body may be kept. */
  boolean takeBodyBytes(int bytes) {
    boolean taken = budget.take(bytes);
    bodyBytes += taken ? bytes : 0;
    return taken;
  }

  /** The request ended, and its body is not needed any more. */
  void releaseBody() {
    budget.giveBack(bodyBytes);
    bodyBytes = 0;
  }

  /** Id the client sees as {@code x-amzn-RequestId}; belongs in every log line. */
  public String requestId() {
    return requestId;
  }

  /** Action of the operation, such as {@code kinesis:PutRecord}, or the pattern of the route. */
  public String operation() {
    return operation;
  }

  /** Format of the request's body, and of what answers it. */
  public BodyFormat bodyFormat() {
    return dialect.format();
  }

  /**
   * Members at the top of the request that its type does not know, by name, as plain values: {@code
   * String}, {@code Long}, {@code BigDecimal}, {@code Boolean}, {@code byte[]} (CBOR only; JSON has
   * base64 strings), {@code List} and {@code Map}.
   */
  public Map<String, Object> extraMembers() {
    return extraMembers;
  }

  /** Who asks. */
  public Authentication authentication() {
    return authentication;
  }

  /** The HTTP request, its body held back until {@link #receiveBody}. */
  public HttpServerRequest request() {
    return request;
  }

  /** The HTTP response; request id and CORS headers are already set. */
  public HttpServerResponse response() {
    return request.response();
  }

  /** The event loop of this request. */
  public Context vertxContext() {
    return vertxContext;
  }

  /**
   * Percent-decoded value of a {@code {name}} in the route's pattern, or of {@link #REST}.
   *
   * @throws IllegalArgumentException if the pattern has no such name
   */
  public String pathParameter(String name) {
    String value = pathParameters.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no path parameter " + name + " in " + operation);
    }
    return value;
  }

  /**
   * Decoded value of a query parameter.
   *
   * @throws io.millrace.api.error.AwsException INVALID_ARGUMENT when it is given twice or the query
   *     cannot be decoded
   */
  public Optional<String> queryParameter(String name) {
    List<String> values;
    try {
      values = request.params().getAll(name);
    } catch (IllegalArgumentException e) {
      throw AwsError.INVALID_ARGUMENT.because("The query string is not valid percent-encoding");
    }
    if (values.size() > 1) {
      throw AwsError.INVALID_ARGUMENT.because("Query parameter '" + name + "' is given twice");
    }
    return values.isEmpty() ? Optional.empty() : Optional.of(values.getFirst());
  }

  /**
   * Lets the body flow to the handlers set on {@link #request()}, after telling a client that asked
   * with {@code Expect: 100-continue}.
   */
  public void receiveBody() {
    if (!request.isEnded() && "100-continue".equalsIgnoreCase(request.getHeader("expect"))) {
      response().writeContinue();
    }
    request.resume();
  }

  /**
   * Collects a bounded body, of routes that are no AWS operations.
   *
   * @param maxBytes largest body
   * @param limit how long it may take to come
   * @return fails with REQUEST_TOO_LARGE, REQUEST_TIMEOUT, SERVICE_UNAVAILABLE when too much is in
   *     flight, or the failure of the connection
   */
  public Future<Buffer> body(int maxBytes, Duration limit) {
    return RequestBody.read(this, maxBytes, limit);
  }

  /**
   * Reads and drops the rest of the body for a moment, then closes the connection if there is more.
   * For handlers that end their answer before the client has sent everything: closing at once could
   * take the answer away from it.
   */
  public void discardBody() {
    new BodyDiscard(this, settings.discardBytes()).start(settings.discardTimeout());
  }

  /** The result of a stage, delivered on the event loop of this request. */
  public <T> Future<T> onContext(CompletionStage<T> stage) {
    return Future.fromCompletionStage(stage, vertxContext);
  }
}
