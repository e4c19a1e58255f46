package io.millrace.store.fragment;

import io.millrace.store.Stages;
import io.millrace.store.shard.Extent;
import io.millrace.store.shard.Head;
import io.millrace.store.shard.LogReader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Goes through the extents of a log in which answers may be. */
final class ExtentWalk {
  private final LogReader reader;

  ExtentWalk(LogReader reader) {
    this.reader = reader;
  }

  /** Extents with marks that may hold answers, oldest first; a list of the caller's own. */
  List<Extent> holding(Predicate<Extent> answers) {
    List<Extent> extents = new ArrayList<>();
    for (Extent extent : reader.extents()) {
      if (extent.min() != null && answers.test(extent)) {
        extents.add(extent);
      }
    }
    return extents;
  }

  /** Shows the heads of each extent, one after the other, until one cannot add anything. */
  CompletionStage<@Nullable Void> visit(
      List<Extent> extents, Predicate<Extent> ends, Consumer<List<Head>> visitor) {
    for (int i = 0; i < extents.size() && !ends.test(extents.get(i)); i++) {
      CompletableFuture<List<Head>> heads = reader.heads(extents.get(i)).toCompletableFuture();
      if (!heads.isDone() || heads.isCompletedExceptionally()) {
        List<Extent> rest = extents.subList(i + 1, extents.size());
        return Stages.compose(
            heads,
            loaded -> {
              visitor.accept(loaded);
              return visit(rest, ends, visitor);
            });
      }
      visitor.accept(heads.join());
    }
    return CompletableFuture.completedFuture(null);
  }
}
