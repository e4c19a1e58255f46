package io.millrace.datastreams.put;

import io.millrace.api.error.AwsError;
import io.millrace.api.wire.OperationContext;
import io.millrace.datastreams.call.Calls;
import io.millrace.datastreams.fault.FaultPlan;
import io.millrace.datastreams.model.DataStream;
import io.millrace.datastreams.model.HashKey;
import io.millrace.datastreams.model.SequenceNumber;
import io.millrace.datastreams.model.StreamOptions.Distribution;
import io.millrace.datastreams.model.StreamShard;
import io.millrace.datastreams.put.RecordAppender.Outcome;
import io.millrace.datastreams.stream.Account;
import io.millrace.datastreams.stream.OpenStream;
import io.millrace.datastreams.stream.StreamFinder;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.kinesis.model.EncryptionType;
import software.amazon.awssdk.services.kinesis.model.PutRecordRequest;
import software.amazon.awssdk.services.kinesis.model.PutRecordResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequest;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResultEntry;

/** PutRecord and PutRecords. */
public final class PutCalls {
  private static final String INTERNAL_TEXT = "Internal Service Failure";

  private final StreamFinder finder;
  private final Account account;
  private final PutSettings settings;
  private final FaultPlan faults;
  private final RecordAppender appender;
  private final InstantSource clock;

  public PutCalls(
      StreamFinder finder, PutSettings settings, FaultPlan faults, InstantSource clock) {
    this.finder = finder;
    this.account = finder.account();
    this.settings = settings;
    this.faults = faults;
    this.clock = clock;
    this.appender = new RecordAppender(clock, settings.busyTimeout());
  }

  public void register(Calls calls) {
    calls.add("PutRecord", PutRecordRequest::builder, this::putRecord);
    calls.add("PutRecords", PutRecordsRequest::builder, this::putRecords);
  }

  private CompletionStage<SdkPojo> putRecord(OperationContext context, PutRecordRequest request) {
    OpenStream stream = finder.usable(request.streamName(), request.streamARN());
    NewRecord record =
        record(
            stream.info(), request.partitionKey(), request.explicitHashKey(), request.data(), "");
    if (request.sequenceNumberForOrdering() != null) {
      checkOrdering(stream.info(), request.sequenceNumberForOrdering());
    }
    return appender
        .append(stream, List.of(record))
        .thenApply(outcomes -> single(stream.info(), outcomes.getFirst()));
  }

  private SdkPojo single(DataStream stream, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Stored stored ->
          PutRecordResponse.builder()
              .shardId(stored.shard().id())
              .sequenceNumber(stored.number().toString())
              .encryptionType(encryption(stream))
              .build();
      case Outcome.Throttled throttled ->
          throw account.rateExceeded(throttled.shard().id(), stream.name());
      case Outcome.Failed failed -> throw failed.failure();
    };
  }

  private CompletionStage<SdkPojo> putRecords(OperationContext context, PutRecordsRequest request) {
    OpenStream stream = finder.usable(request.streamName(), request.streamARN());
    DataStream info = stream.info();
    List<NewRecord> records = new ArrayList<>(request.records().size());
    List<Integer> injected = new ArrayList<>();
    long bytes = 0;
    for (PutRecordsRequestEntry entry : request.records()) {
      String at = "records." + (records.size() + injected.size() + 1) + ".member.";
      NewRecord record =
          record(info, entry.partitionKey(), entry.explicitHashKey(), entry.data(), at);
      bytes += record.sizeBytes();
      if (faults.isAllowed() && faults.failsRecord(context)) {
        injected.add(records.size() + injected.size());
      } else {
        records.add(record);
      }
    }
    if (bytes > settings.maxRequestBytes()) {
      throw AwsError.INVALID_ARGUMENT.because(
          "Records size exceeds %d MB limit".formatted(settings.maxRequestBytes() >> 20));
    }
    return appender.append(stream, records).thenApply(outcomes -> answer(info, outcomes, injected));
  }

  private SdkPojo answer(DataStream stream, List<Outcome> outcomes, List<Integer> injected) {
    List<PutRecordsResultEntry> results = new ArrayList<>(outcomes.size() + injected.size());
    int failed = injected.size();
    for (Outcome outcome : outcomes) {
      results.add(result(stream, outcome));
      failed += outcome instanceof Outcome.Stored ? 0 : 1;
    }
    for (int index : injected) {
      results.add(index, failure("InternalFailure", INTERNAL_TEXT));
    }
    return PutRecordsResponse.builder()
        .records(results)
        .failedRecordCount(failed)
        .encryptionType(encryption(stream))
        .build();
  }

  private PutRecordsResultEntry result(DataStream stream, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Stored(StreamShard shard, SequenceNumber number) ->
          PutRecordsResultEntry.builder()
              .shardId(shard.id())
              .sequenceNumber(number.toString())
              .build();
      case Outcome.Throttled(StreamShard shard) ->
          failure(
              AwsError.PROVISIONED_THROUGHPUT_EXCEEDED.shape(),
              account.rateExceededText(shard.id(), stream.name()));
      case Outcome.Failed unused -> failure("InternalFailure", INTERNAL_TEXT);
    };
  }

  private static PutRecordsResultEntry failure(String code, String message) {
    return PutRecordsResultEntry.builder().errorCode(code).errorMessage(message).build();
  }

  private static @Nullable EncryptionType encryption(DataStream stream) {
    return stream.options().encryptionKey().isPresent() ? EncryptionType.KMS : null;
  }

  private NewRecord record(
      DataStream stream,
      @Nullable String partitionKey,
      @Nullable String explicitHashKey,
      SdkBytes data,
      String at) {
    boolean anyShard = stream.options().distribution() == Distribution.AUTO;
    if (partitionKey == null && !anyShard) {
      throw AwsError.VALIDATION.because(
          ("1 validation error detected: Value null at '%spartitionKey' failed to satisfy"
                  + " constraint: Member must not be null")
              .formatted(at));
    }
    HashKey hashKey = null;
    if (!anyShard) {
      hashKey =
          explicitHashKey == null
              ? HashKey.of(partitionKey == null ? "" : partitionKey)
              : explicit(explicitHashKey);
    }
    NewRecord record =
        new NewRecord(
            hashKey, NewRecord.utf8(partitionKey), ByteBuffer.wrap(data.asByteArrayUnsafe()));
    if (record.sizeBytes() > stream.options().maxRecordKib() << 10) {
      throw AwsError.VALIDATION.because(
          ("1 validation error detected: Value at '%sdata' failed to satisfy constraint: Member"
                  + " must have length less than or equal to %d, its partition key included")
              .formatted(at, stream.options().maxRecordKib() << 10));
    }
    return record;
  }

  private static HashKey explicit(String text) {
    try {
      return HashKey.parse(text);
    } catch (IllegalArgumentException e) {
      throw AwsError.INVALID_ARGUMENT.because(
          "Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was "
              + text);
    }
  }

  /**
   * The next number is above every one given out; so a number is only checked to be one of ours.
   */
  private void checkOrdering(DataStream stream, String text) {
    if (stream.options().distribution() == Distribution.AUTO) {
      throw AwsError.INVALID_ARGUMENT.because(
          "SequenceNumberForOrdering cannot be used with RecordDistributionStrategy AUTO.");
    }
    try {
      SequenceNumber number = SequenceNumber.parse(text);
      StreamShard shard = stream.shards().find(number.shard());
      if (shard != null
          && shard.createdSeconds() == number.shardCreatedSeconds()
          && number.seconds() <= clock.millis() / 1000 + 1) {
        return;
      }
    } catch (IllegalArgumentException e) {
      // Told below, as for a number of another stream.
    }
    throw AwsError.INVALID_ARGUMENT.because(
        "ExclusiveMinimumSequenceNumber %s used in PutRecord on stream %s under account %s is invalid."
            .formatted(text, stream.name(), account.id()));
  }
}
