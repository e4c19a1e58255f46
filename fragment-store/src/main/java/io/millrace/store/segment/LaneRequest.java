package io.millrace.store.segment;

import io.millrace.store.StoreException;
import io.millrace.store.shard.Appended;
import io.millrace.store.shard.Entry;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Something for the writer thread of a lane to do, in the order of arrival. */
sealed interface LaneRequest {
  Lane lane();

  /** Tells the caller that it will not be done. */
  void fail(StoreException reason);

  /**
   * A batch to write.
   *
   * @param lane where
   * @param shard of the lane
   * @param claim the writer's claim; refused when it is no longer the shard's
   * @param entries the batch
   * @param framedBytes what it takes in a block
   * @param receipt completes when durable
   */
  record Append(
      Lane lane,
      Shard shard,
      int claim,
      List<Entry> entries,
      long framedBytes,
      CompletableFuture<Appended> receipt)
      implements LaneRequest {
    @Override
    public void fail(StoreException reason) {
      receipt.completeExceptionally(reason);
    }
  }

  /**
   * Anything else.
   *
   * @param lane where
   * @param body what to do on the writer thread
   * @param done completes afterwards
   */
  record Action(Lane lane, Body body, CompletableFuture<Void> done) implements LaneRequest {
    /** May fail with the file system. */
    interface Body {
      void run(LaneCommitter committer) throws IOException;
    }

    @Override
    public void fail(StoreException reason) {
      done.completeExceptionally(reason);
    }
  }
}
