package io.millrace.datastreams.admin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.api.error.AwsError;
import io.millrace.api.wire.OperationContext;
import io.millrace.api.wire.OperationRouter;
import io.millrace.datastreams.call.Calls;
import io.millrace.datastreams.fault.Fault;
import io.millrace.datastreams.fault.FaultPlan;
import io.millrace.datastreams.stream.OpenStream;
import io.millrace.datastreams.stream.StreamDirectory;
import io.millrace.datastreams.stream.StreamFinder;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * {@code POST /v1/data-streams/NAME/purge} empties a stream at once; {@code PUT
 * /v1/faults/OPERATION?fault=throttle&chance=0.5} plans faults, {@code GET} and {@code DELETE
 * /v1/faults} show and end them.
 */
public final class AdminRoutes {
  private final StreamDirectory directory;
  private final StreamFinder finder;
  private final FaultPlan faults;
  private final JsonFactory json = new JsonFactory();

  public AdminRoutes(StreamDirectory directory, StreamFinder finder, FaultPlan faults) {
    this.directory = directory;
    this.finder = finder;
    this.faults = faults;
  }

  public void register(OperationRouter router) {
    router.route(HttpMethod.POST, "/v1/data-streams/{name}/purge", this::purge);
    router.route(HttpMethod.PUT, "/v1/faults/{operation}", this::plan);
    router.route(HttpMethod.GET, "/v1/faults", this::show);
    router.route(HttpMethod.DELETE, "/v1/faults", this::clear);
  }

  private Future<Void> purge(OperationContext context) {
    OpenStream stream = finder.usable(context.pathParameter("name"), null);
    return context
        .onContext(directory.purge(stream))
        .recover(failure -> Future.failedFuture(Calls.told(failure)))
        .compose(done -> noContent(context));
  }

  private static Future<Void> noContent(OperationContext context) {
    return context.response().setStatusCode(204).end();
  }

  private void checkAllowed() {
    if (!faults.isAllowed()) {
      throw AwsError.INVALID_ARGUMENT.because(
          "Faults are off; set data-streams.faults to true to allow them.");
    }
  }

  private Future<Void> plan(OperationContext context) {
    checkAllowed();
    String text =
        context
            .queryParameter("fault")
            .orElseThrow(
                () -> AwsError.INVALID_ARGUMENT.because("Query parameter 'fault' is missing"));
    try {
      double chance = Double.parseDouble(context.queryParameter("chance").orElse("1"));
      if (!(chance >= 0 && chance <= 1)) {
        throw AwsError.INVALID_ARGUMENT.because("'chance' must be from 0 to 1, not " + chance);
      }
      faults.plan(
          context.pathParameter("operation"), new FaultPlan.Planned(Fault.parse(text), chance));
    } catch (NumberFormatException e) {
      throw AwsError.INVALID_ARGUMENT.because("'chance' must be a number from 0 to 1");
    } catch (IllegalArgumentException e) {
      throw AwsError.INVALID_ARGUMENT.because(String.valueOf(e.getMessage()));
    }
    return noContent(context);
  }

  private Future<Void> clear(OperationContext context) {
    checkAllowed();
    faults.clear();
    return noContent(context);
  }

  private Future<Void> show(OperationContext context) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator text = json.createGenerator(out)) {
      text.writeStartObject();
      for (Map.Entry<String, FaultPlan.Planned> entry : faults.plans().entrySet()) {
        FaultPlan.Planned planned = entry.getValue();
        text.writeObjectFieldStart(entry.getKey());
        text.writeNumberField("latencyMillis", planned.fault().delay().toMillis());
        if (planned.fault().failure().isPresent()) {
          text.writeStringField("failure", planned.fault().failure().get().name());
        }
        text.writeNumberField("partial", planned.fault().partial());
        text.writeNumberField("chance", planned.chance());
        text.writeEndObject();
      }
      text.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    context.response().putHeader("content-type", "application/json");
    return context.response().end(Buffer.buffer(out.toByteArray()));
  }
}
