package io.millrace.datastreams.control;

import io.millrace.api.error.AwsError;
import io.millrace.api.shape.OpenShape;
import io.millrace.api.wire.OperationContext;
import io.millrace.datastreams.call.Calls;
import io.millrace.datastreams.stream.Account;
import io.millrace.datastreams.stream.StreamDirectory;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.kinesis.model.DescribeAccountSettingsRequest;
import software.amazon.awssdk.services.kinesis.model.DescribeAccountSettingsResponse;
import software.amazon.awssdk.services.kinesis.model.DescribeLimitsRequest;
import software.amazon.awssdk.services.kinesis.model.DescribeLimitsResponse;
import software.amazon.awssdk.services.kinesis.model.MinimumThroughputBillingCommitmentInputStatus;
import software.amazon.awssdk.services.kinesis.model.MinimumThroughputBillingCommitmentOutput;
import software.amazon.awssdk.services.kinesis.model.UpdateAccountSettingsRequest;
import software.amazon.awssdk.services.kinesis.model.UpdateAccountSettingsResponse;

/** DescribeLimits and the account's settings; a commitment to pay is kept and changes nothing. */
public final class AccountCalls {
  private static final String COMMITMENT = "minimum-throughput-commitment";
  private static final String SEPARATOR = " ";

  private final StreamDirectory directory;
  private final Account account;
  private final ControlSettings settings;
  private final InstantSource clock;

  public AccountCalls(
      StreamDirectory directory, Account account, ControlSettings settings, InstantSource clock) {
    this.directory = directory;
    this.account = account;
    this.settings = settings;
    this.clock = clock;
  }

  public void register(Calls calls) {
    calls.add("DescribeLimits", DescribeLimitsRequest::builder, this::limits);
    calls.add("DescribeAccountSettings", DescribeAccountSettingsRequest::builder, this::describe);
    calls.add("UpdateAccountSettings", UpdateAccountSettingsRequest::builder, this::update);
  }

  private CompletionStage<SdkPojo> limits(OperationContext context, DescribeLimitsRequest request) {
    QuotaCheck quota = new QuotaCheck(directory, account, settings);
    return CompletableFuture.completedFuture(
        new OpenShape(
            DescribeLimitsResponse.builder()
                .shardLimit(told(settings.maxShards()))
                .openShardCount((int) quota.openShards())
                .onDemandStreamCount((int) quota.onDemandStreams())
                .onDemandStreamCountLimit(told(settings.maxOnDemandStreams()))
                .build(),
            Map.of("ChannelCount", 0, "ChannelCountLimit", 0)));
  }

  private static int told(int limit) {
    return limit == 0 ? Integer.MAX_VALUE : limit;
  }

  private CompletionStage<SdkPojo> describe(
      OperationContext context, DescribeAccountSettingsRequest request) {
    return CompletableFuture.completedFuture(
        DescribeAccountSettingsResponse.builder()
            .minimumThroughputBillingCommitment(commitment())
            .build());
  }

  private MinimumThroughputBillingCommitmentOutput commitment() {
    String[] note = directory.note(COMMITMENT).orElse("DISABLED 0").split(SEPARATOR, 2);
    Instant since = Instant.ofEpochMilli(Long.parseLong(note[1]));
    var output = MinimumThroughputBillingCommitmentOutput.builder().status(note[0]);
    if (note[0].equals("ENABLED")) {
      output.startedAt(since);
    } else if (since.toEpochMilli() > 0) {
      output.endedAt(since);
    }
    return output.build();
  }

  private CompletionStage<SdkPojo> update(
      OperationContext context, UpdateAccountSettingsRequest request) {
    var asked = request.minimumThroughputBillingCommitment();
    var status = asked.status();
    if (status == null
        || status == MinimumThroughputBillingCommitmentInputStatus.UNKNOWN_TO_SDK_VERSION) {
      throw AwsError.VALIDATION.because(
          "MinimumThroughputBillingCommitment needs the status ENABLED or DISABLED.");
    }
    return directory
        .note(COMMITMENT, status + SEPARATOR + clock.millis())
        .thenApply(
            done ->
                UpdateAccountSettingsResponse.builder()
                    .minimumThroughputBillingCommitment(commitment())
                    .build());
  }
}
