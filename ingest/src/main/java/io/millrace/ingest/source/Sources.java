package io.millrace.ingest.source;

import io.millrace.api.error.AwsError;
import io.millrace.api.logging.LogLine;
import io.millrace.ingest.feed.Feed;
import io.millrace.ingest.source.SourceState.Phase;
import io.millrace.store.StoreException;
import io.millrace.store.table.Table;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sources that the server knows, kept in a table, each pulled by a loop of its own while it is
 * enabled. Thread-safe.
 */
public final class Sources {
  private static final Logger LOG = LoggerFactory.getLogger(Sources.class);

  private final Vertx vertx;
  private final Table table;
  private final SecretBox box;
  private final List<Puller> pullers;
  private final SourceSettings settings;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Map<String, PullLoop> loops = new HashMap<>();
  private final AtomicInteger probes = new AtomicInteger();
  private boolean draining;

  /**
   * @param table where sources are kept
   * @param pullers asked in order who pulls a scheme
   * @param random spreads new attempts
   */
  public Sources(
      Vertx vertx,
      Table table,
      SecretBox box,
      List<Puller> pullers,
      SourceSettings settings,
      InstantSource clock,
      RandomGenerator random) {
    this.vertx = vertx;
    this.table = table;
    this.box = box;
    this.pullers = List.copyOf(pullers);
    this.settings = settings;
    this.clock = clock;
    this.random = random;
  }

  /** Begins to pull what is enabled. */
  public void start() {
    for (String name : List.copyOf(table.entries().keySet())) {
      Optional<Source> source = find(name);
      source.filter(Source::enabled).ifPresent(this::run);
    }
  }

  /** All sources in name order; those whose secret cannot be opened are left out and logged. */
  public List<Source> list() {
    List<Source> all = new ArrayList<>();
    for (String name : table.entries().keySet()) {
      find(name).ifPresent(all::add);
    }
    return all;
  }

  /** The source of a name. */
  public Optional<Source> find(String name) {
    return table
        .get(name)
        .flatMap(
            bytes -> {
              try {
                return Optional.of(SourceRecord.decode(name, bytes, box));
              } catch (SecretBox.WrongKey e) {
                LOG.error(
                    "{}",
                    LogLine.of("source_secret_unreadable")
                        .with("source", name)
                        .with("message", e.getMessage()));
                return Optional.empty();
              }
            });
  }

  /** How a source is doing. */
  public SourceState state(Source source) {
    PullLoop loop;
    synchronized (this) {
      loop = loops.get(source.name());
    }
    return loop == null
        ? new SourceState(Phase.DISABLED, 0, 0, 0, Optional.empty(), 0)
        : loop.state();
  }

  /**
   * Sets a source, and pulls it anew.
   *
   * @return completes when it is durable; fails with INVALID_ARGUMENT for a URL that nobody pulls,
   *     CLIENT_LIMIT_EXCEEDED beyond the most sources
   */
  public Future<Void> put(Context context, Source source) {
    if (puller(source).isEmpty()) {
      return Future.failedFuture(
          AwsError.INVALID_ARGUMENT.because("Nothing here pulls a URL like " + source.url()));
    }
    return Future.fromCompletionStage(
            table.update(
                known -> {
                  if (!known.containsKey(source.name()) && known.size() >= settings.maxSources()) {
                    throw AwsError.CLIENT_LIMIT_EXCEEDED.because(
                        "The server has its most sources: " + settings.maxSources());
                  }
                  return Table.Update.put(source.name(), SourceRecord.encode(source, box), true);
                }),
            context)
        .recover(Sources::told)
        .compose(durable -> restart(source));
  }

  /** Removes a source; completes with whether there was one. */
  public Future<Boolean> remove(Context context, String name) {
    return Future.fromCompletionStage(
            table.update(known -> Table.Update.remove(name, known.containsKey(name))), context)
        .recover(Sources::told)
        .compose(was -> end(name).map(was));
  }

  private static <T> Future<T> told(Throwable failure) {
    return Future.failedFuture(
        failure instanceof StoreException
            ? AwsError.SERVICE_UNAVAILABLE.because("The sources cannot be written now", failure)
            : failure);
  }

  private Future<Void> restart(Source source) {
    return end(source.name())
        .onSuccess(
            ended -> {
              if (source.enabled()) {
                run(source);
              }
            });
  }

  private Future<Void> end(String name) {
    PullLoop loop;
    synchronized (this) {
      loop = loops.remove(name);
    }
    return loop == null ? Future.succeededFuture() : loop.stop(Feed.End.SOURCE_ENDED);
  }

  private void run(Source source) {
    Optional<Puller> puller = puller(source);
    if (puller.isEmpty()) {
      LOG.error("{}", LogLine.of("source_unknown_scheme").with("source", source.name()));
      return;
    }
    onOwnLoop()
        .onSuccess(
            context -> {
              PullLoop loop = new PullLoop(context, source, puller.get(), settings, clock, random);
              PullLoop before;
              synchronized (this) {
                if (draining) {
                  return;
                }
                before = loops.put(source.name(), loop);
              }
              if (before != null) {
                var unused = before.stop(Feed.End.SOURCE_ENDED);
              }
              loop.start();
            });
  }

  /** An event loop, the next one in turn. */
  private Future<Context> onOwnLoop() {
    LoopVerticle verticle = new LoopVerticle();
    return vertx.deployVerticle(verticle).map(deployed -> verticle.loop());
  }

  private static final class LoopVerticle extends VerticleBase {
    Context loop() {
      return context;
    }

    @Override
    public Future<?> start() {
      return Future.succeededFuture();
    }
  }

  private Optional<Puller> puller(Source source) {
    String scheme = scheme(source.url());
    return scheme == null
        ? Optional.empty()
        : pullers.stream().filter(puller -> puller.pulls(scheme)).findFirst();
  }

  private static @Nullable String scheme(String url) {
    try {
      String scheme = new URI(url).getScheme();
      return scheme == null ? null : scheme.toLowerCase(Locale.ROOT);
    } catch (URISyntaxException e) {
      return null;
    }
  }

  /**
   * Looks at what a source sends.
   *
   * @return fails with {@link SourceUnusable}, INVALID_ARGUMENT or CLIENT_LIMIT_EXCEEDED
   */
  public Future<ProbeReport> probe(Context context, Source source) {
    Optional<Puller> puller = puller(source);
    if (puller.isEmpty()) {
      return Future.failedFuture(
          AwsError.INVALID_ARGUMENT.because("Nothing here pulls a URL like " + source.url()));
    }
    if (probes.incrementAndGet() > settings.maxProbes()) {
      probes.decrementAndGet();
      return Future.failedFuture(
          AwsError.CLIENT_LIMIT_EXCEEDED.because(
              "The server has its most probes at one time: " + settings.maxProbes()));
    }
    return puller.get().probe(context, source).onComplete(done -> probes.decrementAndGet());
  }

  /** Ends all connections. */
  public Future<Void> drain() {
    List<Future<Void>> ending = new ArrayList<>();
    synchronized (this) {
      draining = true;
      loops.values().forEach(loop -> ending.add(loop.stop(Feed.End.SERVER_ENDED)));
      loops.clear();
    }
    return Future.join(ending).transform(ended -> Future.succeededFuture());
  }
}
