package io.millrace.ingest.edge;

import io.millrace.api.error.AwsError;
import io.millrace.api.shape.BodyFormat;
import io.millrace.api.shape.PojoReader;
import io.millrace.api.shape.PojoWriter;
import io.millrace.api.shape.ReadLimits;
import io.millrace.store.stream.StreamInfo;
import io.millrace.store.table.Table;
import io.millrace.store.table.Table.Update;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.kinesisvideo.model.EdgeConfig;

/**
 * The edge configurations of this server, kept durably by stream name. Thread-safe.
 *
 * <p>A value is JSON: {@code streamCreated}, {@code created} and {@code updated} in epoch ms, and
 * {@code config}, the client's configuration as the wire has it.
 */
final class EdgeConfigurations {
  private static final PojoReader READER = new PojoReader(new ReadLimits(16, 4096, 1000));

  private final Table table;
  private final int maxConfigurations;
  private final InstantSource clock;

  /**
   * @param maxConfigurations most of them
   */
  EdgeConfigurations(Table table, int maxConfigurations, InstantSource clock) {
    this.table = table;
    this.maxConfigurations = maxConfigurations;
    this.clock = clock;
  }

  /** The configuration of a stream. */
  Optional<EdgeConfiguration> find(StreamInfo stream) {
    return find(stream.name())
        .filter(found -> found.streamCreatedMillis() == stream.createdMillis());
  }

  /** The configuration of a name, perhaps of a stream that is gone. */
  Optional<EdgeConfiguration> find(String stream) {
    return table.get(stream).map(bytes -> decode(stream, bytes));
  }

  /** All configurations whose stream's name comes after another, in name order. */
  List<EdgeConfiguration> after(String stream) {
    return table.entries().tailMap(stream, false).entrySet().stream()
        .map(entry -> decode(entry.getKey(), entry.getValue()))
        .toList();
  }

  /** Sets the configuration of a stream; fails with CLIENT_LIMIT_EXCEEDED. */
  CompletionStage<EdgeConfiguration> put(StreamInfo stream, EdgeConfig config) {
    long nowMillis = clock.millis();
    return table.update(
        now -> {
          byte[] before = now.get(stream.name());
          if (before == null && now.size() >= maxConfigurations) {
            throw AwsError.CLIENT_LIMIT_EXCEEDED.because(
                "The server has its most edge configurations: " + maxConfigurations);
          }
          long created =
              Optional.ofNullable(before)
                  .map(bytes -> decode(stream.name(), bytes))
                  .filter(known -> known.streamCreatedMillis() == stream.createdMillis())
                  .map(EdgeConfiguration::createdMillis)
                  .orElse(nowMillis);
          EdgeConfiguration made =
              new EdgeConfiguration(
                  stream.name(), stream.createdMillis(), created, nowMillis, config);
          return Update.put(stream.name(), encode(made), made);
        });
  }

  /** Removes a stream's configuration; completes with whether there was one. */
  CompletionStage<Boolean> remove(String stream, long streamCreatedMillis) {
    return table.update(
        now -> {
          byte[] bytes = now.get(stream);
          return bytes != null && decode(stream, bytes).streamCreatedMillis() == streamCreatedMillis
              ? Update.remove(stream, true)
              : Update.nothing(false);
        });
  }

  private static byte[] encode(EdgeConfiguration made) {
    return new JsonObject()
        .put("streamCreated", made.streamCreatedMillis())
        .put("created", made.createdMillis())
        .put("updated", made.updatedMillis())
        .put(
            "config",
            new JsonObject(new String(PojoWriter.json(made.config()), StandardCharsets.UTF_8)))
        .encode()
        .getBytes(StandardCharsets.UTF_8);
  }

  private static EdgeConfiguration decode(String stream, byte[] bytes) {
    JsonObject json = new JsonObject(new String(bytes, StandardCharsets.UTF_8));
    EdgeConfig.Builder config = EdgeConfig.builder();
    READER.read(
        BodyFormat.JSON,
        json.getJsonObject("config").encode().getBytes(StandardCharsets.UTF_8),
        (SdkPojo) config);
    return new EdgeConfiguration(
        stream,
        json.getLong("streamCreated"),
        json.getLong("created"),
        json.getLong("updated"),
        config.build());
  }
}
