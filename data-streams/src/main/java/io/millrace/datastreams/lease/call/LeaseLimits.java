package io.millrace.datastreams.lease.call;

import io.millrace.datastreams.lease.expression.ExpressionLimits;
import java.time.Duration;

/**
 * Limits of tables and items (DynamoDB developer guide, quotas), and of what this server keeps. The
 * bytes of all tables together are bounded by the table of the store that holds them.
 *
 * @param maxTables tables; default 256
 * @param maxItems items and tables together; default 100,000
 * @param maxIndexes secondary indexes of a table; default 20
 * @param maxTags tags of a table; default 50
 * @param maxItemBytes names and values of an item; default 400 KiB
 * @param maxHashKeyBytes default 2048
 * @param maxRangeKeyBytes default 1024
 * @param maxPageBytes items one query, scan or batch reads; default 1 MiB, and 16 times as much for
 *     a batch
 * @param maxTransactionBytes items one transaction writes or reads; default 4 MiB
 * @param transactionTokenLife how long the token of a transaction is remembered; default 10 minutes
 * @param maxTransactionTokens tokens remembered; the oldest are forgotten first; default 10,000
 * @param expressions limits of expressions
 */
public record LeaseLimits(
    int maxTables,
    int maxItems,
    int maxIndexes,
    int maxTags,
    int maxItemBytes,
    int maxHashKeyBytes,
    int maxRangeKeyBytes,
    int maxPageBytes,
    int maxTransactionBytes,
    Duration transactionTokenLife,
    int maxTransactionTokens,
    ExpressionLimits expressions) {
  /** The documented defaults. */
  public static final LeaseLimits DEFAULTS =
      new LeaseLimits(
          256,
          100_000,
          20,
          50,
          400 << 10,
          2048,
          1024,
          1 << 20,
          4 << 20,
          Duration.ofMinutes(10),
          10_000,
          ExpressionLimits.AWS);

  public LeaseLimits {
    if (maxTables < 1
        || maxItems < 1
        || maxIndexes < 0
        || maxTags < 0
        || maxItemBytes < 1
        || maxHashKeyBytes < 1
        || maxRangeKeyBytes < 1
        || maxPageBytes < 1
        || maxTransactionBytes < 1
        || transactionTokenLife.isNegative()
        || maxTransactionTokens < 0) {
      throw new IllegalArgumentException("limit of tables out of range");
    }
  }
}
