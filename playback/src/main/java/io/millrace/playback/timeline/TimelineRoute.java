package io.millrace.playback.timeline;

import io.millrace.api.error.AwsError;
import io.millrace.api.wire.OperationContext;
import io.millrace.api.wire.OperationRouter;
import io.millrace.media.mkv.CaptureTraits;
import io.millrace.media.mkv.FragmentTraits;
import io.millrace.media.track.ClockSource;
import io.millrace.playback.source.EntryTimes;
import io.millrace.playback.source.Nanos;
import io.millrace.playback.source.SourceStream;
import io.millrace.playback.source.StreamFinder;
import io.millrace.playback.source.WantedTime;
import io.millrace.store.fragment.FragmentEntry;
import io.millrace.store.fragment.FragmentNumber;
import io.millrace.store.fragment.FragmentQuery;
import io.millrace.store.fragment.FragmentQuery.TimeAxis;
import io.millrace.store.fragment.LiveFragment;
import io.millrace.store.fragment.StreamEvent;
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
 * {@code GET /v1/streams/{name}/timeline?start=&end=&axis=}: the stored ranges with whose clock
 * they have, every hole with its reason, and notes of what is no hole: jumps of the clock, losses
 * of one track. From the index alone. Times in the answer are RFC 3339; {@code complete} is false
 * when a limit ended the answer early.
 */
public final class TimelineRoute {
  private static final int PAGE = 5_000;
  private static final long EVENT_SLACK_NANOS = 2 * Nanos.PER_SECOND;

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
    private List<StreamEvent> events = List.of();

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
              })
          .thenCompose(paged -> events());
    }

    /** Events of server times lie elsewhere on the producer's axis: all are looked at then. */
    private CompletionStage<Void> events() {
      boolean producer = axis == TimeAxis.PRODUCER;
      return stream
          .log()
          .events()
          .find(
              producer ? startNanos - EVENT_SLACK_NANOS : Long.MIN_VALUE,
              producer ? endNanos + EVENT_SLACK_NANOS : Long.MAX_VALUE,
              settings.maxEvents())
          .thenAccept(
              found -> {
                events = found;
                complete &= found.size() < settings.maxEvents();
              });
    }

    private void add(FragmentEntry entry) {
      seen++;
      ranges.add(
          StoredRange.of(
              Math.max(startNanos, EntryTimes.startNanos(entry, axis)),
              Math.min(endNanos, EntryTimes.endNanos(entry, axis)),
              FragmentTraits.of(entry.flags()).capture()));
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
    List<FragmentEntry> newest = stream.log().newest(1);
    long dropped =
        oldest
            .filter(entry -> entry.number().counter() > 1)
            .map(entry -> EntryTimes.startNanos(entry, axis))
            .orElse(Long.MIN_VALUE);
    List<StoredRange> stored = scan.ranges.merged();
    boolean cut = !scan.complete || stored.size() > settings.maxRanges();
    if (stored.size() > settings.maxRanges()) {
      stored = stored.subList(0, settings.maxRanges());
    }
    long end = cut && !stored.isEmpty() ? stored.getLast().endNanos() : liveEnd(scan, stream, axis);
    Explanation explained =
        new Explanation(
            stored,
            scan.events,
            axis,
            scan.startNanos,
            end,
            settings.gapTolerance().toNanos(),
            dropped);
    JsonArray ranges = new JsonArray();
    explained.ranges().forEach(range -> ranges.add(json(range)));
    JsonArray gaps = new JsonArray();
    explained.gaps().forEach(gap -> gaps.add(json(gap)));
    JsonArray notes = new JsonArray();
    explained.notes().forEach(note -> notes.add(json(note)));
    JsonObject answer =
        new JsonObject()
            .put("ranges", ranges)
            .put("gaps", gaps)
            .put("notes", notes)
            .put("complete", !cut);
    oldest.ifPresent(entry -> answer.put("oldest", text(EntryTimes.startNanos(entry, axis))));
    if (!newest.isEmpty()) {
      answer.put("newest", text(EntryTimes.endNanos(newest.getFirst(), axis)));
    }
    return answer;
  }

  /** How far something could be stored by now: what is still arriving is no gap. */
  private long liveEnd(Scan scan, SourceStream stream, TimeAxis axis) {
    long end = Math.min(scan.endNanos, Nanos.of(clock.instant()));
    LiveFragment arriving = stream.log().live().next(null);
    if (arriving == null) {
      return end;
    }
    long start =
        axis == TimeAxis.PRODUCER
            ? arriving.producerTimeNanos()
            : arriving.number().serverTimeMillis() * Nanos.PER_MILLI;
    return Math.min(end, start);
  }

  private static JsonObject json(StoredRange range) {
    JsonObject json =
        span(range.startNanos(), range.endNanos()).put("fragments", range.fragments());
    ClockSource clock = range.clock();
    if (clock == null) {
      json.put("clock", "mixed");
    } else if (clock != ClockSource.UNKNOWN) {
      json.put("clock", clock.text());
    }
    if (range.errorClass() > 0) {
      CaptureTraits worst =
          new CaptureTraits(ClockSource.UNKNOWN, range.errorClass(), false, false, false);
      if (worst.maxErrorNanos() < Long.MAX_VALUE) {
        json.put("clockErrorMillis", worst.maxErrorNanos() / 1e6);
      }
    }
    return json;
  }

  private static JsonObject json(Gap gap) {
    JsonObject json = span(gap.startNanos(), gap.endNanos()).put("reason", gap.reason().text());
    if (gap.count() > 0) {
      json.put("count", gap.count());
    }
    if (!gap.detail().isEmpty()) {
      json.put("detail", gap.detail());
    }
    return json;
  }

  private static JsonObject span(long startNanos, long endNanos) {
    return new JsonObject().put("start", text(startNanos)).put("end", text(endNanos));
  }

  private static String text(long nanos) {
    return Nanos.toInstant(nanos).toString();
  }
}
