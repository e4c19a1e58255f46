package io.millrace.ingest.producer;

import io.millrace.api.logging.LogLine;
import io.millrace.media.track.GapReason;
import io.millrace.store.Stages;
import io.millrace.store.StoreException;
import io.millrace.store.fragment.FragmentEntry;
import io.millrace.store.fragment.FragmentLog;
import io.millrace.store.fragment.FragmentQuery.TimeAxis;
import io.millrace.store.fragment.StreamEvent;
import io.millrace.store.stream.StreamCatalog;
import io.millrace.store.table.Table;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams that producers store into now, in a table: what stands there when the server starts
 * was cut off when it ended without notice. Thread-safe.
 */
final class SendingStreams {
  private static final Logger LOG = LoggerFactory.getLogger(SendingStreams.class);
  private static final byte[] NOTHING = new byte[0];

  /** How the end of a producer is written down. */
  private static final Set<GapReason> ENDS =
      EnumSet.of(GapReason.NO_PRODUCER, GapReason.CONNECTION_LOST, GapReason.SERVER_STOPPED);

  /** How far the end of a producer may lie from that of its last fragment, which is an estimate. */
  private static final long SLACK_NANOS = 2_000_000_000L;

  private static final int MAX_EVENTS = 100;

  private final Table table;

  SendingStreams(Table table) {
    this.table = table;
  }

  /** The first producer of a stream has something stored. */
  void began(String stream) {
    watch(stream, table.update(names -> Table.Update.put(stream, NOTHING, stream)));
  }

  /** The last producer of a stream has ended, and why is written down. */
  void ended(String stream) {
    watch(stream, table.update(names -> Table.Update.remove(stream, stream)));
  }

  private static void watch(String stream, CompletionStage<String> update) {
    update.whenComplete(
        (done, failure) -> {
          if (failure != null) {
            warn("sending_stream_not_kept", stream, failure);
          }
        });
  }

  /**
   * Writes into each stream that was cut off that the server stopped there. Call it before
   * producers come. Never fails: a stream that cannot be read or written is passed over.
   *
   * @param clock server time
   */
  Future<Void> explain(StreamCatalog catalog, InstantSource clock) {
    Set<String> cutOff = Set.copyOf(table.entries().keySet());
    List<CompletableFuture<Void>> explained = new ArrayList<>();
    for (String stream : cutOff) {
      explained.add(
          explain(catalog, stream, clock.millis())
              .exceptionally(failure -> warn("cut_off_not_explained", stream, failure))
              .toCompletableFuture());
    }
    return Future.fromCompletionStage(
        CompletableFuture.allOf(explained.toArray(CompletableFuture[]::new))
            .thenCompose(
                done -> table.update(names -> new Table.Update<>(Map.of(), cutOff, NOTHING)))
            .handle(
                (done, failure) ->
                    failure == null ? null : warn("cut_off_not_forgotten", "", failure)));
  }

  private static @Nullable Void warn(String event, String stream, Throwable failure) {
    LOG.warn(
        "{}",
        LogLine.of(event)
            .with("stream", stream)
            .with("message", Stages.failureOf(failure).getMessage()));
    return null;
  }

  private static CompletionStage<Void> explain(
      StreamCatalog catalog, String stream, long nowMillis) {
    FragmentLog log;
    try {
      log = catalog.fragments(stream);
    } catch (StoreException e) {
      return CompletableFuture.failedFuture(e);
    }
    return log.at(TimeAxis.SERVER, Long.MAX_VALUE)
        .thenCompose(
            newest ->
                newest.isEmpty()
                    ? CompletableFuture.completedFuture(null)
                    : explain(log, newest.get(), nowMillis));
  }

  /** Unless the end of the producer was written down just before. */
  private static CompletionStage<Void> explain(
      FragmentLog log, FragmentEntry newest, long nowMillis) {
    long end = newest.producerTimeNanos() + newest.durationNanos();
    return log.events()
        .find(end - SLACK_NANOS, end + SLACK_NANOS, MAX_EVENTS)
        .thenCompose(
            events ->
                events.stream().anyMatch(event -> ends(event, newest))
                    ? CompletableFuture.completedFuture(null)
                    : log.events()
                        .append(
                            new StreamEvent(
                                GapReason.SERVER_STOPPED.code(),
                                end,
                                end,
                                Math.max(0, nowMillis),
                                0,
                                "without notice")));
  }

  private static boolean ends(StreamEvent event, FragmentEntry newest) {
    return event.startNanos() == event.endNanos()
        && event.serverTimeMillis() >= newest.serverTimeMillis()
        && GapReason.of(event.kind()).filter(ENDS::contains).isPresent();
  }
}
