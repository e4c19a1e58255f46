package io.millrace.datastreams.put;

import io.millrace.datastreams.model.RecordKind;
import io.millrace.datastreams.model.SequenceNumber;
import io.millrace.datastreams.model.StreamShard;
import io.millrace.datastreams.stream.OpenShard;
import io.millrace.datastreams.stream.OpenStream;
import io.millrace.store.Stages;
import io.millrace.store.StoreException;
import io.millrace.store.shard.Appended;
import io.millrace.store.shard.Entry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Puts records of one call into the logs of their shards. Records of one shard keep their order; a
 * shard that is split or merged meanwhile hands them on to the shards after it.
 */
final class RecordAppender {
  private static final Duration RESHAPE_WAIT = Duration.ofSeconds(10);

  private final InstantSource clock;
  private final Duration busyTimeout;

  /** What became of a record. */
  sealed interface Outcome {
    /** It is durable. */
    record Stored(StreamShard shard, SequenceNumber number) implements Outcome {}

    /** Its shard is at its limit. */
    record Throttled(StreamShard shard) implements Outcome {}

    /** The store could not take it. */
    record Failed(StoreException failure) implements Outcome {}
  }

  RecordAppender(InstantSource clock, Duration busyTimeout) {
    this.clock = clock;
    this.busyTimeout = busyTimeout;
  }

  /** One attempt after another until every record has its outcome. */
  private final class Batch {
    private final OpenStream stream;
    private final List<NewRecord> records;
    private final Outcome[] outcomes;
    private final long deadlineNanos = System.nanoTime() + busyTimeout.toNanos();

    Batch(OpenStream stream, List<NewRecord> records) {
      this.stream = stream;
      this.records = records;
      this.outcomes = new Outcome[records.size()];
    }

    CompletionStage<List<Outcome>> run(List<Integer> indexes, boolean again) {
      Map<OpenShard, List<Integer>> byShard = new LinkedHashMap<>();
      long now = System.nanoTime();
      CompletionStage<Void> changed = stream.changed();
      for (int index : indexes) {
        NewRecord record = records.get(index);
        OpenShard shard =
            record.hashKey() == null ? stream.nextInTurn() : stream.route(record.hashKey());
        if (again || shard.budget().write(record.sizeBytes(), now)) {
          byShard.computeIfAbsent(shard, first -> new ArrayList<>()).add(index);
        } else {
          shard.counters().writesThrottled.increment();
          outcomes[index] = new Outcome.Throttled(shard.info());
        }
      }
      List<CompletableFuture<List<Integer>>> appending = new ArrayList<>(byShard.size());
      byShard.forEach((shard, own) -> appending.add(append(shard, own, changed)));
      if (appending.size() == 1) {
        return appending.getFirst().thenCompose(this::rest);
      }
      return CompletableFuture.allOf(appending.toArray(CompletableFuture[]::new))
          .thenCompose(
              done -> rest(appending.stream().flatMap(left -> left.join().stream()).toList()));
    }

    private CompletionStage<List<Outcome>> rest(List<Integer> left) {
      return left.isEmpty()
          ? CompletableFuture.completedFuture(List.of(outcomes))
          : run(left.stream().sorted().toList(), true);
    }

    /** Completes with the records that must be tried again. */
    private CompletableFuture<List<Integer>> append(
        OpenShard shard, List<Integer> own, CompletionStage<Void> changed) {
      long millis = clock.millis();
      boolean encrypted = stream.info().options().encryptionKey().isPresent();
      List<Entry> entries = new ArrayList<>(own.size());
      for (int index : own) {
        entries.add(entry(records.get(index), millis, encrypted));
      }
      return shard
          .writer()
          .append(entries)
          .handle(
              (appended, thrown) ->
                  thrown == null
                      ? stored(shard, own, appended, millis)
                      : failed(shard, own, Stages.failureOf(thrown), changed))
          .thenCompose(left -> left)
          .toCompletableFuture();
    }

    private CompletionStage<List<Integer>> stored(
        OpenShard shard, List<Integer> own, Appended appended, long millis) {
      StreamShard info = shard.info();
      long bytes = 0;
      for (int i = 0; i < own.size(); i++) {
        int index = own.get(i);
        bytes += records.get(index).sizeBytes();
        outcomes[index] =
            new Outcome.Stored(
                info, info.sequenceNumber(appended.positions().get(i).value(), millis));
      }
      shard.counters().recordsIn.add(own.size());
      shard.counters().bytesIn.add(bytes);
      return CompletableFuture.completedFuture(List.of());
    }

    private CompletionStage<List<Integer>> failed(
        OpenShard shard, List<Integer> own, StoreException failure, CompletionStage<Void> changed) {
      boolean reshaped = failure.kind() == StoreException.Kind.SEALED && !stream.isDeleted();
      boolean busy = failure.kind() == StoreException.Kind.BUSY;
      if (reshaped && shard.info().isOpen()) {
        // Its log is closed a moment before or after its stream knows; wait for the news.
        return changed
            .toCompletableFuture()
            .copy()
            .orTimeout(RESHAPE_WAIT.toSeconds(), TimeUnit.SECONDS)
            .handle((news, late) -> late == null ? own : fail(own, failure));
      }
      if (reshaped) {
        return CompletableFuture.completedFuture(own);
      }
      if (busy && System.nanoTime() < deadlineNanos) {
        return shard.writer().ready().thenApply(room -> own);
      }
      return CompletableFuture.completedFuture(fail(own, failure));
    }

    private List<Integer> fail(List<Integer> own, StoreException failure) {
      for (int index : own) {
        outcomes[index] = new Outcome.Failed(failure);
      }
      return List.of();
    }
  }

  /**
   * Appends records.
   *
   * @return one outcome per record, in their order; never fails
   */
  CompletionStage<List<Outcome>> append(OpenStream stream, List<NewRecord> records) {
    List<Integer> all = new ArrayList<>(records.size());
    for (int i = 0; i < records.size(); i++) {
      all.add(i);
    }
    return new Batch(stream, records).run(all, false);
  }

  private static Entry entry(NewRecord record, long millis, boolean encrypted) {
    ByteBuffer key = record.partitionKey();
    return Entry.of(
        RecordKind.of(key != null, encrypted),
        millis,
        key == null ? Entry.NO_BYTES : key,
        record.data());
  }
}
