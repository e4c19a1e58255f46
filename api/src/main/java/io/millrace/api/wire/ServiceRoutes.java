package io.millrace.api.wire;

import io.millrace.api.content.Gzip;
import io.millrace.api.error.AwsError;
import io.millrace.api.operation.AwsService;
import io.millrace.api.operation.Operation;
import io.millrace.api.shape.FormReader;
import io.millrace.api.shape.OpenRequest;
import io.millrace.api.shape.PojoReader;
import io.millrace.api.shape.ReadLimits;
import io.millrace.api.wire.Dialect.Style;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/** Where the operations of one AWS service are registered. */
public final class ServiceRoutes {
  private final OperationRouter router;
  private final AwsService service;
  private final RouterSettings settings;
  private volatile Limits limits;

  /** Largest body, and the readers that go with it. */
  private record Limits(int maxBodyBytes, PojoReader bodies, FormReader forms) {
    static Limits of(int maxBodyBytes, RouterSettings settings) {
      ReadLimits limits = new ReadLimits(settings.maxDepth(), maxBodyBytes, settings.maxTokens());
      return new Limits(maxBodyBytes, new PojoReader(limits), new FormReader(limits));
    }
  }

  ServiceRoutes(OperationRouter router, AwsService service, RouterSettings settings) {
    this.router = router;
    this.service = service;
    this.settings = settings;
    limits = Limits.of(settings.maxBodyBytes(), settings);
  }

  /**
   * Sets the largest body of this service's operations, as sent and inflated; before, it is the
   * router's.
   */
  public ServiceRoutes maxBodyBytes(int bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("a body limit is positive: " + bytes);
    }
    limits = Limits.of(bytes, settings);
    return this;
  }

  /**
   * Registers an operation whose request and response are one object each.
   *
   * @param name a name of the operation table, such as {@code CreateStream}
   * @param builder makes a fresh builder of its request type: {@code CreateStreamRequest::builder},
   *     or {@code OpenRequest::builder} where the SDK has none
   * @throws IllegalArgumentException if the table has no such operation, or only plans it
   */
  public <I extends SdkPojo, B extends SdkPojo & SdkBuilder<B, I>> ServiceRoutes operation(
      String name, Supplier<B> builder, OperationHandler<I> handler) {
    Operation operation = router.served(service, name);
    router.register(
        operation,
        context ->
            request(context, operation, builder)
                .compose(request -> handler.handle(context, request))
                .compose(response -> Answer.send(context, response, settings.gzipMinBytes())));
    return this;
  }

  /** Registers an operation with one request object and a response its handler writes itself. */
  public <I extends SdkPojo, B extends SdkPojo & SdkBuilder<B, I>> ServiceRoutes streaming(
      String name, Supplier<B> builder, StreamingHandler<I> handler) {
    Operation operation = router.served(service, name);
    router.register(
        operation,
        context ->
            request(context, operation, builder)
                .compose(request -> handler.handle(context, request)));
    return this;
  }

  /** Registers an operation whose request body is a stream of bytes, such as PutMedia. */
  public ServiceRoutes body(String name, RouteHandler handler) {
    router.register(router.served(service, name), handler);
    return this;
  }

  private <I extends SdkPojo, B extends SdkPojo & SdkBuilder<B, I>> Future<I> request(
      OperationContext context, Operation operation, Supplier<B> builder) {
    Limits now = limits;
    boolean coded = Gzip.isCoded(context.request());
    return RequestBody.read(context, now.maxBodyBytes(), settings.bodyTimeout())
        .map(
            body -> {
              context.authentication().checkBody(body);
              Buffer plain = coded ? Gzip.inflate(body, now.maxBodyBytes()) : body;
              return shape(context, operation, builder.get(), now, plain);
            });
  }

  private <I extends SdkPojo, B extends SdkPojo & SdkBuilder<B, I>> I shape(
      OperationContext context, Operation operation, B builder, Limits readers, Buffer body) {
    Map<String, Object> further = Map.of();
    if (context.dialect().style() == Style.QUERY) {
      byte[] form = body.getBytes();
      checkAction(operation, form);
      readers.forms().read(form, builder);
    } else {
      further = readers.bodies().read(context.bodyFormat(), body.getBytes(), builder);
    }
    context.extraMembers(further);
    I request = builder.build();
    if (request instanceof OpenRequest) {
      router.constraints().check(operation, further);
    } else {
      router.constraints().check(request);
    }
    return request;
  }

  private static void checkAction(Operation operation, byte[] form) {
    String action = FormReader.first(form, "Action");
    if (!action.equals(operation.name())) {
      throw AwsError.UNKNOWN_OPERATION.because("No action '" + action + "'");
    }
  }
}
