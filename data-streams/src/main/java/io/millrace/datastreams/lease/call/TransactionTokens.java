package io.millrace.datastreams.lease.call;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Transactions that were done a while ago, so that a repeated request is not done again. Kept in
 * memory: after a restart a repeated request is a new one.
 */
final class TransactionTokens {
  private final long lifeNanos;
  private final int max;
  private final Map<String, Done<?>> byToken = new LinkedHashMap<>();

  private record Done<T>(Object request, CompletionStage<T> result, long atNanos) {}

  TransactionTokens(Duration life, int max) {
    this.lifeNanos = life.toNanos();
    this.max = max;
  }

  /**
   * The result of a request, which is done unless it was before.
   *
   * @param <T> what a request with a token results in: always the same type
   * @throws AwsException IDEMPOTENT_PARAMETER_MISMATCH if another request had the token
   */
  @SuppressWarnings("unchecked") // All entries are made below, with the one type of the caller.
  synchronized <T> CompletionStage<T> once(
      String token, Object request, long nowNanos, Supplier<CompletionStage<T>> work) {
    forgetOld(nowNanos);
    Done<?> known = byToken.get(token);
    if (known == null || known.result().toCompletableFuture().isCompletedExceptionally()) {
      CompletionStage<T> result = work.get();
      byToken.remove(token);
      byToken.put(token, new Done<>(request, result, nowNanos));
      return result;
    }
    if (!known.request().equals(request)) {
      throw AwsError.IDEMPOTENT_PARAMETER_MISMATCH.because(
          "Specified idempotent token was used with different request parameters within the"
              + " idempotency window");
    }
    return (CompletionStage<T>) known.result();
  }

  private void forgetOld(long nowNanos) {
    Iterator<Done<?>> oldest = byToken.values().iterator();
    while (oldest.hasNext()) {
      Done<?> done = oldest.next();
      if (nowNanos - done.atNanos() < lifeNanos && byToken.size() < max) {
        return;
      }
      oldest.remove();
    }
  }
}
