package io.millrace.ingest.edge;

import io.millrace.ingest.source.Source;
import io.millrace.ingest.source.SourceState;
import io.millrace.ingest.source.Sources;
import io.millrace.store.stream.StreamCatalog;
import io.millrace.store.stream.StreamInfo;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Pulls what edge configurations name, when they say so. It always looks at the whole state and
 * does what is missing, so that it does not matter in which order things change. Thread-safe.
 */
final class EdgeRecorder {
  /** No name of a kept source has a slash, so that these never meet. */
  private static final String PREFIX = "edge/";

  private static final int SUFFIX_LENGTH = 7;

  private final EdgeConfigurations configurations;
  private final Sources sources;
  private final StreamCatalog catalog;
  private final EdgeSettings settings;
  private final InstantSource clock;
  private final Map<String, Source> running = new HashMap<>();
  private final Map<String, Schedule> scheduled = new HashMap<>();

  EdgeRecorder(
      EdgeConfigurations configurations,
      Sources sources,
      StreamCatalog catalog,
      EdgeSettings settings,
      InstantSource clock) {
    this.configurations = configurations;
    this.sources = sources;
    this.catalog = catalog;
    this.settings = settings;
    this.clock = clock;
  }

  /** Makes all of them what they should be now. */
  synchronized void lookAtAll() {
    Set<String> streams = new HashSet<>(running.keySet());
    configurations.after("").forEach(each -> streams.add(each.stream()));
    streams.forEach(this::look);
  }

  /** The same for those whose time has come or is over. */
  synchronized void lookAtScheduled() {
    Instant now = clock.instant();
    List.copyOf(scheduled.entrySet()).stream()
        .filter(
            each ->
                each.getValue().covers(now, settings.zone()) != running.containsKey(each.getKey()))
        .forEach(each -> look(each.getKey()));
  }

  /** The same for one stream. */
  synchronized void look(String stream) {
    Optional<EdgeConfiguration> found = configurations.find(stream);
    if (found.isPresent() && !isOfLivingStream(found.get())) {
      configurations.remove(stream, found.get().streamCreatedMillis());
      found = Optional.empty();
    }
    found
        .flatMap(EdgeConfiguration::schedule)
        .ifPresentOrElse(
            schedule -> scheduled.put(stream, schedule), () -> scheduled.remove(stream));
    Source wanted = found.filter(this::isItsTime).flatMap(this::camera).orElse(null);
    Source before = wanted == null ? running.remove(stream) : running.put(stream, wanted);
    if (wanted != null && !wanted.equals(before)) {
      var unused = sources.lend(wanted);
    } else if (wanted == null && before != null) {
      var unused = sources.release(before.name());
    }
  }

  private boolean isOfLivingStream(EdgeConfiguration configuration) {
    return catalog
        .find(configuration.stream())
        .filter(stream -> stream.createdMillis() == configuration.streamCreatedMillis())
        .filter(stream -> stream.status() != StreamInfo.Status.DELETING)
        .isPresent();
  }

  /** Whether it is to record now. */
  boolean isItsTime(EdgeConfiguration configuration) {
    return configuration
        .schedule()
        .map(schedule -> schedule.covers(clock.instant(), settings.zone()))
        .orElse(true);
  }

  private Optional<Source> camera(EdgeConfiguration configuration) {
    return trouble(configuration) != null
        ? Optional.empty()
        : named(configuration)
            .map(
                source ->
                    new Source(
                        PREFIX + configuration.stream(),
                        source.url(),
                        source.username(),
                        source.password(),
                        configuration.stream(),
                        source.transport(),
                        true));
  }

  /** Why a configuration cannot be carried out, null when it can. */
  @Nullable String trouble(EdgeConfiguration configuration) {
    Optional<Source> source = named(configuration);
    if (source.isEmpty()) {
      return "There is no source '%s', which MediaUriSecretArn names; make it with PUT /v1/sources"
          .formatted(secretName(configuration));
    }
    if (source.get().enabled() && source.get().stream().equals(configuration.stream())) {
      return ("The source '%s' brings its frames to this stream by itself; set its member enabled"
              + " to false to let the edge configuration do it")
          .formatted(source.get().name());
    }
    return null;
  }

  /** How its pull is doing. */
  Optional<SourceState> state(EdgeConfiguration configuration) {
    Source source;
    synchronized (this) {
      source = running.get(configuration.stream());
    }
    return Optional.ofNullable(source).map(sources::state);
  }

  /**
   * The source that a secret names: by the secret's own name, or without the hyphen and the six
   * characters that the secret store appends to names in ARNs.
   */
  private Optional<Source> named(EdgeConfiguration configuration) {
    String name = secretName(configuration);
    return sources
        .find(name)
        .or(
            () ->
                name.matches(".+-[a-zA-Z0-9]{6}")
                    ? sources.find(name.substring(0, name.length() - SUFFIX_LENGTH))
                    : Optional.empty());
  }

  private static String secretName(EdgeConfiguration configuration) {
    String arn = configuration.camera().mediaUriSecretArn();
    return arn.substring(arn.lastIndexOf(':') + 1);
  }
}
