package io.millrace.store;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Continues stages so that what comes out fails with {@link StoreException} itself and never with a
 * wrapper around it.
 */
public final class Stages {
  private Stages() {}

  /** The result of a stage, transformed. */
  public static <T extends @Nullable Object, R extends @Nullable Object> CompletionStage<R> map(
      CompletionStage<T> stage, Function<? super T, ? extends R> function) {
    return compose(stage, value -> CompletableFuture.completedFuture(function.apply(value)));
  }

  /** The result of the stage that follows from the result of a stage. */
  public static <T extends @Nullable Object, R extends @Nullable Object> CompletionStage<R> compose(
      CompletionStage<T> stage, Function<? super T, ? extends CompletionStage<R>> function) {
    CompletableFuture<R> result = new CompletableFuture<>();
    stage
        .thenCompose(function)
        .whenComplete(
            (value, failure) -> {
              if (failure == null) {
                result.complete(value);
              } else {
                result.completeExceptionally(failureOf(failure));
              }
            });
    return result;
  }

  /** What a stage failed with, without wrappers, as the store's own exception. */
  public static StoreException failureOf(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause instanceof StoreException known
        ? known
        : new StoreException(StoreException.Kind.IO, "unexpected: " + cause, cause);
  }

  /**
   * Waits for a stage; for starting and stopping only, never on an event loop.
   *
   * @throws StoreException what it failed with
   */
  public static <T extends @Nullable Object> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().join();
    } catch (CompletionException e) {
      throw failureOf(e);
    }
  }
}
