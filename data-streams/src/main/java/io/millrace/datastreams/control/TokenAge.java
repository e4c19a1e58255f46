package io.millrace.datastreams.control;

import io.millrace.api.error.AwsError;

/** Page tokens of shards and consumers live for five minutes. */
final class TokenAge {
  /** Life of a token, milliseconds (Kinesis API reference, ListShards). */
  static final long MAX_MILLIS = 300_000;

  private TokenAge() {}

  /** Throws EXPIRED_NEXT_TOKEN for a token that is older. */
  static void check(long madeMillis, long nowMillis) {
    if (nowMillis - madeMillis > MAX_MILLIS) {
      throw AwsError.EXPIRED_NEXT_TOKEN.because(
          "The pagination token is older than %d seconds; begin again without it."
              .formatted(MAX_MILLIS / 1000));
    }
  }
}
