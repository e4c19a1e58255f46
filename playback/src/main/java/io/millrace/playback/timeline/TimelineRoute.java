package io.millrace.playback.timeline;

import io.millrace.api.error.AwsError;
import io.millrace.api.wire.OperationContext;
import io.millrace.api.wire.OperationRouter;
import io.millrace.playback.source.EntryTimes;
import io.millrace.playback.source.Nanos;
import io.millrace.playback.source.SourceStream;
import io.millrace.playback.source.StreamFinder;
import io.millrace.playback.source.WantedTime;
import io.millrace.store.fragment.FragmentEntry;
import io.millrace.store.fragment.FragmentNumber;
import io.millrace.store.fragment.FragmentQuery;
import io.millrace.store.fragment.FragmentQuery.TimeAxis;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/streams/{name}/timeline?start=&end=&axis=}: the stored ranges and the gaps between
 * them, from the index alone. Times in the answer are RFC 3339; {@code complete} is false when a
 * limit ended the answer early.
 */
public final class TimelineRoute {
  private static final int PAGE = 5_000;

  private final StreamFinder streams;
  private final TimelineSettings settings;
  private final InstantSource clock;

  public TimelineRoute(StreamFinder streams, TimelineSettings settings, InstantSource clock) {
    this.streams = streams;
    this.settings = settings;
    this.clock = clock;
  }

  public void register(OperationRouter router) {
    router.route(HttpMethod.GET, "/v1/streams/{name}/timeline", this::handle);
  }

  private Future<Void> handle(OperationContext context) {
    SourceStream stream = streams.find(context.pathParameter("name"), null);
    TimeAxis axis = EntryTimes.axis(context);
    long end = time(context, "end", clock.instant());
    long start = time(context, "start", Nanos.toInstant(end).minus(settings.defaultSpan()));
    if (start > end) {
      throw AwsError.INVALID_ARGUMENT.because("start must not be after end");
    }
    Scan scan = new Scan(stream, axis, start, end);
    return context
        .onContext(scan.run())
        .compose(
            done ->
                context
                    .onContext(stream.log().oldest())
                    .map(oldest -> answer(scan, stream, axis, oldest)))
        .recover(failure -> Future.failedFuture(StreamFinder.failure(failure)))
        .compose(
            answer ->
                context
                    .response()
                    .putHeader("content-type", "application/json")
                    .putHeader("cache-control", "no-cache")
                    .end(answer.toBuffer()));
  }

  private long time(OperationContext context, String name, Instant absent) {
    Optional<String> text = context.queryParameter(name);
    if (text.isEmpty()) {
      return Nanos.of(absent);
    }
    return switch (WantedTime.parse(name, text.get(), clock.instant())) {
      case WantedTime.Newest() -> Nanos.of(clock.instant());
      case WantedTime.At(long nanos) -> nanos;
    };
  }

  /** Reads the index page by page. */
  private final class Scan {
    private final SourceStream stream;
    private final TimeAxis axis;
    private final long startNanos;
    private final long endNanos;
    private final StoredRanges ranges = new StoredRanges(settings.gapTolerance().toNanos());
    private int seen;
    private boolean complete = true;

    Scan(SourceStream stream, TimeAxis axis, long startNanos, long endNanos) {
      this.stream = stream;
      this.axis = axis;
      this.startNanos = startNanos;
      this.endNanos = endNanos;
    }

    CompletionStage<Void> run() {
      return stream
          .log()
          .at(axis, startNanos - 1)
          .thenCompose(
              before -> {
                before
                    .filter(entry -> EntryTimes.endNanos(entry, axis) > startNanos)
                    .ifPresent(this::add);
                return page(null);
              });
    }

    private void add(FragmentEntry entry) {
      seen++;
      ranges.add(
          Math.max(startNanos, EntryTimes.startNanos(entry, axis)),
          Math.min(endNanos, EntryTimes.endNanos(entry, axis)));
    }

    private CompletionStage<Void> page(@Nullable FragmentNumber after) {
      return stream
          .log()
          .find(new FragmentQuery(axis, startNanos, endNanos, after, PAGE))
          .thenCompose(
              found -> {
                found.forEach(this::add);
                if (found.size() < PAGE) {
                  return CompletableFuture.completedFuture(null);
                }
                if (seen >= settings.maxFragments() || ranges.size() > settings.maxRanges()) {
                  complete = false;
                  return CompletableFuture.completedFuture(null);
                }
                return page(found.getLast().number());
              });
    }
  }

  private JsonObject answer(
      Scan scan, SourceStream stream, TimeAxis axis, Optional<FragmentEntry> oldest) {
    List<StoredRanges.Range> ranges = scan.ranges.merged();
    boolean complete = scan.complete && ranges.size() <= settings.maxRanges();
    JsonArray stored = new JsonArray();
    JsonArray gaps = new JsonArray();
    StoredRanges.Range previous = null;
    for (StoredRanges.Range range :
        ranges.subList(0, Math.min(ranges.size(), settings.maxRanges()))) {
      if (previous != null) {
        gaps.add(span(previous.endNanos(), range.startNanos()));
      }
      stored.add(span(range.startNanos(), range.endNanos()).put("fragments", range.fragments()));
      previous = range;
    }
    JsonObject answer =
        new JsonObject().put("ranges", stored).put("gaps", gaps).put("complete", complete);
    oldest.ifPresent(entry -> answer.put("oldest", text(EntryTimes.startNanos(entry, axis))));
    List<FragmentEntry> newest = stream.log().newest(1);
    if (!newest.isEmpty()) {
      answer.put("newest", text(EntryTimes.endNanos(newest.getFirst(), axis)));
    }
    return answer;
  }

  private static JsonObject span(long startNanos, long endNanos) {
    return new JsonObject().put("start", text(startNanos)).put("end", text(endNanos));
  }

  private static String text(long nanos) {
    return Nanos.toInstant(nanos).toString();
  }
}
