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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
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

  /** As many as Vert.x has of them unless told otherwise. */
  private static final int EVENT_LOOPS = 2 * Runtime.getRuntime().availableProcessors();

  private final Vertx vertx;
  private final Table table;
  private final SecretBox box;
  private final List<Puller> pullers;
  private final SourceSettings settings;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Map<String, Pulled> pulled = new HashMap<>();
  private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
  private final AtomicInteger probes = new AtomicInteger();
  private final List<Future<Context>> eventLoops = new ArrayList<>();
  private int nextLoop;
  private boolean draining;

  /** A source that is to be pulled, and its loop once that runs. */
  private static final class Pulled {
    final Source source;
    @Nullable PullLoop loop;

    Pulled(Source source) {
      this.source = source;
    }
  }

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
    Pulled wanted;
    PullLoop loop;
    synchronized (this) {
      wanted = pulled.get(source.name());
      loop = wanted == null ? null : wanted.loop;
    }
    return loop != null
        ? loop.state()
        : new SourceState(
            wanted == null ? Phase.DISABLED : Phase.CONNECTING, 0, 0, 0, Optional.empty(), 0);
  }

  /** Tells the name of every source that is set or removed from now on. */
  public void onChange(Consumer<String> listener) {
    listeners.add(listener);
  }

  private void changed(String name) {
    listeners.forEach(listener -> listener.accept(name));
  }

  /**
   * Pulls a source that somebody else keeps, until {@link #release} or {@link #drain}. Its name is
   * to hold a character that names of kept sources do not, such as a slash.
   */
  public Future<Void> lend(Source source) {
    return restart(source);
  }

  /** Ends the pull of a lent source. */
  public Future<Void> release(String name) {
    return end(name);
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
        .compose(durable -> restart(source))
        .onSuccess(durable -> changed(source.name()));
  }

  /** Removes a source; completes with whether there was one. */
  public Future<Boolean> remove(Context context, String name) {
    return Future.fromCompletionStage(
            table.update(known -> Table.Update.remove(name, known.containsKey(name))), context)
        .recover(Sources::told)
        .compose(was -> end(name).map(was))
        .onSuccess(was -> changed(name));
  }

  private static <T> Future<T> told(Throwable failure) {
    return Future.failedFuture(
        failure instanceof StoreException
            ? AwsError.SERVICE_UNAVAILABLE.because("The sources cannot be written now", failure)
            : failure);
  }

  private Future<Void> restart(Source source) {
    Future<Void> ended = end(source.name());
    return source.enabled() ? ended.onSuccess(done -> run(source)) : ended;
  }

  private Future<Void> end(String name) {
    Pulled before;
    synchronized (this) {
      before = pulled.remove(name);
    }
    return stop(before);
  }

  private static Future<Void> stop(@Nullable Pulled before) {
    PullLoop loop = before == null ? null : before.loop;
    return loop == null ? Future.succeededFuture() : loop.stop(Feed.End.SOURCE_ENDED);
  }

  private void run(Source source) {
    Optional<Puller> puller = puller(source);
    if (puller.isEmpty()) {
      LOG.error("{}", LogLine.of("source_unknown_scheme").with("source", source.name()));
      return;
    }
    Pulled wanted = new Pulled(source);
    Pulled before;
    synchronized (this) {
      if (draining) {
        return;
      }
      before = pulled.put(source.name(), wanted);
    }
    var unused = stop(before);
    onLoop().onSuccess(context -> begin(wanted, context, puller.get()));
  }

  private void begin(Pulled wanted, Context context, Puller puller) {
    PullLoop loop = new PullLoop(context, wanted.source, puller, settings, clock, random);
    synchronized (this) {
      if (pulled.get(wanted.source.name()) == wanted) {
        wanted.loop = loop;
        loop.start();
        return;
      }
    }
    // It was removed or set anew while its loop was made.
    var unused = loop.stop(Feed.End.SOURCE_ENDED);
  }

  /** An event loop, the next one in turn. They stay: what was pulled may still be on its way. */
  private Future<Context> onLoop() {
    LoopVerticle verticle = new LoopVerticle();
    synchronized (this) {
      if (eventLoops.size() == EVENT_LOOPS) {
        nextLoop = (nextLoop + 1) % EVENT_LOOPS;
        return eventLoops.get(nextLoop);
      }
      Future<Context> made = vertx.deployVerticle(verticle).map(deployed -> verticle.loop());
      eventLoops.add(made);
      return made;
    }
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
      for (Pulled wanted : pulled.values()) {
        if (wanted.loop != null) {
          ending.add(wanted.loop.stop(Feed.End.SERVER_ENDED));
        }
      }
      pulled.clear();
    }
    return Future.join(ending).transform(ended -> Future.succeededFuture());
  }
}
