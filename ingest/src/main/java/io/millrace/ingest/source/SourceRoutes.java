package io.millrace.ingest.source;

import io.millrace.api.error.AwsError;
import io.millrace.api.wire.OperationContext;
import io.millrace.api.wire.OperationRouter;
import io.millrace.ingest.control.StreamOnDemand;
import io.millrace.ingest.source.ProbeReport.ProbedTrack;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * {@code GET /v1/sources}, {@code GET|PUT|DELETE /v1/sources/NAME}, {@code POST /v1/sources/probe}.
 * A source is JSON: {@code url}, {@code username}, {@code password}, {@code stream} (the name of
 * the source unless given), {@code transport} (auto, tcp, udp), {@code enabled} (true). Answers
 * have no password; a PUT without one keeps it while user name and host stay.
 */
public final class SourceRoutes {
  private static final int MAX_BODY_BYTES = 64 << 10;
  private static final Duration BODY_LIMIT = Duration.ofSeconds(30);
  private static final int MAX_TEXT = 2048;
  private static final Set<String> MEMBERS =
      Set.of("name", "url", "username", "password", "stream", "transport", "enabled");

  private final Sources sources;

  public SourceRoutes(Sources sources) {
    this.sources = sources;
  }

  public void register(OperationRouter router) {
    router.route(HttpMethod.GET, "/v1/sources", this::list);
    router.route(HttpMethod.POST, "/v1/sources/probe", this::probe);
    router.route(HttpMethod.GET, "/v1/sources/{name}", this::get);
    router.route(HttpMethod.PUT, "/v1/sources/{name}", this::put);
    router.route(HttpMethod.DELETE, "/v1/sources/{name}", this::delete);
  }

  private Future<Void> list(OperationContext context) {
    JsonArray all = new JsonArray();
    sources.list().forEach(source -> all.add(json(source)));
    return send(context, 200, new JsonObject().put("sources", all));
  }

  private Future<Void> get(OperationContext context) {
    String name = context.pathParameter("name");
    return send(context, 200, json(sources.find(name).orElseThrow(() -> notFound(name))));
  }

  private static RuntimeException notFound(String name) {
    return AwsError.RESOURCE_NOT_FOUND.because("There is no source " + name);
  }

  private Future<Void> put(OperationContext context) {
    String name = context.pathParameter("name");
    checkName("A source name", name);
    return body(context)
        .compose(
            body -> {
              Optional<Source> known = sources.find(name);
              Source source = parse(name, body, known);
              return sources
                  .put(context.vertxContext(), source)
                  .compose(done -> send(context, known.isPresent() ? 200 : 201, json(source)));
            });
  }

  private Future<Void> delete(OperationContext context) {
    String name = context.pathParameter("name");
    return sources
        .remove(context.vertxContext(), name)
        .compose(
            was ->
                was
                    ? context.response().setStatusCode(204).end()
                    : Future.failedFuture(notFound(name)));
  }

  private Future<Void> probe(OperationContext context) {
    return body(context)
        .compose(
            body -> sources.probe(context.vertxContext(), parse("probe", body, Optional.empty())))
        .compose(report -> send(context, 200, json(report)))
        .recover(
            failure ->
                failure instanceof SourceUnusable unusable
                    ? send(
                        context,
                        200,
                        new JsonObject().put("usable", false).put("reason", unusable.getMessage()))
                    : Future.failedFuture(failure));
  }

  private static Future<JsonObject> body(OperationContext context) {
    return context.body(MAX_BODY_BYTES, BODY_LIMIT).map(SourceRoutes::object);
  }

  private static JsonObject object(Buffer body) {
    try {
      return new JsonObject(body);
    } catch (DecodeException | ClassCastException e) {
      throw AwsError.INVALID_ARGUMENT.because("The body is not a JSON object");
    }
  }

  private static Source parse(String name, JsonObject body, Optional<Source> known) {
    for (String member : body.fieldNames()) {
      if (!MEMBERS.contains(member)) {
        throw AwsError.INVALID_ARGUMENT.because(
            "A source has no member '%s'; it has %s".formatted(member, MEMBERS));
      }
    }
    SourceAddress address = SourceAddress.of(text(body, "url").orElseThrow(() -> missing("url")));
    Optional<String> username = text(body, "username").or(address::username);
    Optional<String> password = text(body, "password").or(address::password);
    if (password.isEmpty()) {
      password =
          known
              .filter(
                  before ->
                      before.username().equals(username)
                          && SourceAddress.of(before.url()).host().equals(address.host()))
              .flatMap(Source::password);
    }
    String stream = text(body, "stream").orElse(name);
    checkName("A stream name", stream);
    return new Source(
        name,
        address.url(),
        username,
        password,
        stream,
        transport(text(body, "transport").orElse("auto")),
        flag(body, "enabled"));
  }

  private static void checkName(String what, String name) {
    if (!StreamOnDemand.isName(name)) {
      throw AwsError.INVALID_ARGUMENT.because(what + " must match [a-zA-Z0-9_.-]{1,256}");
    }
  }

  private static RuntimeException missing(String member) {
    return AwsError.INVALID_ARGUMENT.because("Member '%s' is missing".formatted(member));
  }

  private static Optional<String> text(JsonObject body, String member) {
    Object value = body.getValue(member);
    if (value == null) {
      return Optional.empty();
    }
    if (!(value instanceof String text) || text.length() > MAX_TEXT) {
      throw AwsError.INVALID_ARGUMENT.because(
          "Member '%s' must be a text of at most %d characters".formatted(member, MAX_TEXT));
    }
    return Optional.of(text);
  }

  private static boolean flag(JsonObject body, String member) {
    Object value = body.getValue(member, true);
    if (!(value instanceof Boolean flag)) {
      throw AwsError.INVALID_ARGUMENT.because(
          "Member '%s' must be true or false".formatted(member));
    }
    return flag;
  }

  private static Source.Transport transport(String text) {
    return switch (text) {
      case "auto" -> Source.Transport.AUTO;
      case "tcp" -> Source.Transport.TCP;
      case "udp" -> Source.Transport.UDP;
      default -> throw AwsError.INVALID_ARGUMENT.because("transport must be auto, tcp or udp");
    };
  }

  private JsonObject json(Source source) {
    SourceState state = sources.state(source);
    JsonObject json = new JsonObject().put("name", source.name()).put("url", source.url());
    source.username().ifPresent(name -> json.put("username", name));
    json.put("stream", source.stream())
        .put("transport", source.transport().name().toLowerCase(Locale.ROOT))
        .put("enabled", source.enabled())
        .put("state", state.phase().name().toLowerCase(Locale.ROOT));
    if (state.sinceMillis() > 0) {
      json.put("since", Instant.ofEpochMilli(state.sinceMillis()).toString())
          .put("attempts", state.attempts())
          .put("frames", state.frames());
    }
    state
        .lastError()
        .ifPresent(
            error ->
                json.put("lastError", error)
                    .put("lastErrorAt", Instant.ofEpochMilli(state.lastErrorMillis()).toString()));
    return json;
  }

  private static JsonObject json(ProbeReport report) {
    JsonArray tracks = new JsonArray();
    for (ProbedTrack track : report.tracks()) {
      JsonObject json =
          new JsonObject()
              .put("kind", track.kind())
              .put("codec", track.codec())
              .put("supported", track.supported());
      if (track.width() > 0) {
        json.put("width", track.width()).put("height", track.height());
      }
      track.framesPerSecond().ifPresent(rate -> json.put("framesPerSecond", rate));
      track.gopSeconds().ifPresent(seconds -> json.put("gopSeconds", seconds));
      if (track.samplingHz() > 0) {
        json.put("samplingHz", track.samplingHz()).put("channels", track.channels());
      }
      tracks.add(json);
    }
    JsonObject json = new JsonObject().put("usable", true).put("tracks", tracks);
    report.clockOffsetMillis().ifPresent(offset -> json.put("clockOffsetMillis", offset));
    return json;
  }

  private static Future<Void> send(OperationContext context, int status, JsonObject json) {
    return context
        .response()
        .setStatusCode(status)
        .putHeader("content-type", "application/json")
        .putHeader("cache-control", "no-cache")
        .end(json.toBuffer());
  }
}
