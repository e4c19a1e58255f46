package io.millrace.datastreams.control;

import io.millrace.api.error.AwsError;
import io.millrace.datastreams.model.StreamOptions;
import io.millrace.datastreams.stream.Account;
import io.millrace.datastreams.stream.OpenStream;
import io.millrace.datastreams.stream.StreamDirectory;

/** Compares what is asked for with what the account may have. */
final class QuotaCheck {
  private final StreamDirectory directory;
  private final Account account;
  private final ControlSettings settings;

  QuotaCheck(StreamDirectory directory, Account account, ControlSettings settings) {
    this.directory = directory;
    this.account = account;
    this.settings = settings;
  }

  long openShards() {
    return directory.all().values().stream()
        .mapToLong(stream -> stream.info().shards().open().size())
        .sum();
  }

  long onDemandStreams() {
    return directory.all().values().stream()
        .map(OpenStream::info)
        .filter(stream -> stream.options().mode() == StreamOptions.Mode.ON_DEMAND)
        .count();
  }

  /** Throws LIMIT_EXCEEDED when a stream more would be too many. */
  void newStream(StreamOptions.Mode mode, int shards) {
    if (mode == StreamOptions.Mode.ON_DEMAND) {
      onDemandStream();
    }
    moreShards(shards);
  }

  /** Throws LIMIT_EXCEEDED when another stream may not scale itself. */
  void onDemandStream() {
    if (ControlSettings.isOver(onDemandStreams() + 1, settings.maxOnDemandStreams())) {
      throw AwsError.LIMIT_EXCEEDED.because(
          "This request would exceed the on-demand stream limit for the account %s in %s. Limit: %d."
              .formatted(account.id(), account.region(), settings.maxOnDemandStreams()));
    }
  }

  /** Throws LIMIT_EXCEEDED when so many shards more would be too many. */
  void moreShards(int more) {
    long open = openShards();
    if (ControlSettings.isOver(open + more, settings.maxShards())) {
      throw AwsError.LIMIT_EXCEEDED.because(
          ("This request would exceed the shard limit for the account %s in %s. Current shard"
                  + " count for the account: %d. Limit: %d. Number of additional shards that would"
                  + " have resulted from this request: %d. Refer to the AWS Service Limits page"
                  + " (https://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) for"
                  + " current limits and how to request higher limits.")
              .formatted(account.id(), account.region(), open, settings.maxShards(), more));
    }
  }
}
