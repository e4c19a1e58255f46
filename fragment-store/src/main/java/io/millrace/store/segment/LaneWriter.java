package io.millrace.store.segment;

import io.millrace.store.StoreException;
import io.millrace.store.segment.file.LaneState;
import io.millrace.store.segment.file.RecordLayout;
import io.millrace.store.shard.Appended;
import io.millrace.store.shard.Entry;
import io.millrace.store.shard.LogWriter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One claim on one shard. */
final class LaneWriter implements LogWriter {
  private final Lane lane;
  private final EngineParts parts;
  private final Shard shard;
  private final int claim;

  LaneWriter(Lane lane, EngineParts parts, Shard shard, int claim) {
    this.lane = lane;
    this.parts = parts;
    this.shard = shard;
    this.claim = claim;
  }

  @Override
  public CompletionStage<Appended> append(List<Entry> entries) {
    if (entries.isEmpty()) {
      return CompletableFuture.completedFuture(new Appended(List.of()));
    }
    long payloadBytes = 0;
    long framedBytes = 0;
    for (Entry entry : entries) {
      if (entry.kind() == LaneState.KIND) {
        throw new IllegalArgumentException("kind 0 is the engine's");
      }
      payloadBytes += entry.payloadBytes();
      framedBytes += RecordLayout.framedBytes(entry);
    }
    if (payloadBytes > parts.settings().maxRecordBytes()) {
      return refused(
          StoreException.Kind.TOO_LARGE,
          "%d bytes in one append, at most %d are taken"
              .formatted(payloadBytes, parts.settings().maxRecordBytes()));
    }
    if (!lane.budget().tryTake(framedBytes)) {
      return busy();
    }
    if (!lane.writer().budget().tryTake(framedBytes)) {
      lane.budget().release(framedBytes);
      return busy();
    }
    CompletableFuture<Appended> receipt = new CompletableFuture<>();
    LaneRequest request =
        new LaneRequest.Append(lane, shard, claim, List.copyOf(entries), framedBytes, receipt);
    if (!lane.writer().submit(request)) {
      lane.budget().release(framedBytes);
      lane.writer().budget().release(framedBytes);
      return refused(StoreException.Kind.CLOSED, "the store is closing");
    }
    return receipt;
  }

  private CompletionStage<Appended> busy() {
    parts.metrics().appendsBusy.increment();
    return refused(
        StoreException.Kind.BUSY, "too many bytes wait to be written for " + lane.stream());
  }

  private static CompletionStage<Appended> refused(StoreException.Kind kind, String message) {
    return CompletableFuture.failedFuture(new StoreException(kind, message));
  }

  @Override
  public CompletionStage<Void> ready() {
    return lane.budget().ready().thenCompose(room -> lane.writer().budget().ready());
  }

  @Override
  public CompletionStage<Void> seal() {
    return SegmentEngine.act(
        lane,
        committer -> {
          if (claim != shard.claim()) {
            throw new StoreException(
                StoreException.Kind.FENCED, "another writer took over " + lane.stream());
          }
          if (!shard.sealed()) {
            committer.changeState(shard, shard.sealedState());
          }
        });
  }
}
