package io.millrace.datastreams.control;

import io.millrace.api.error.AwsError;
import io.millrace.api.shape.OpenRequest;
import io.millrace.api.shape.OpenShape;
import io.millrace.api.wire.OperationContext;
import io.millrace.datastreams.call.Calls;
import io.millrace.datastreams.model.DataStream;
import io.millrace.datastreams.model.DataStream.Change;
import io.millrace.datastreams.model.StreamOptions;
import io.millrace.datastreams.model.StreamOptions.Distribution;
import io.millrace.datastreams.model.StreamOptions.Mode;
import io.millrace.datastreams.stream.Account;
import io.millrace.datastreams.stream.OpenStream;
import io.millrace.datastreams.stream.StreamDirectory;
import io.millrace.datastreams.stream.StreamFinder;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.kinesis.model.DecreaseStreamRetentionPeriodRequest;
import software.amazon.awssdk.services.kinesis.model.DecreaseStreamRetentionPeriodResponse;
import software.amazon.awssdk.services.kinesis.model.EncryptionType;
import software.amazon.awssdk.services.kinesis.model.IncreaseStreamRetentionPeriodRequest;
import software.amazon.awssdk.services.kinesis.model.IncreaseStreamRetentionPeriodResponse;
import software.amazon.awssdk.services.kinesis.model.StartStreamEncryptionRequest;
import software.amazon.awssdk.services.kinesis.model.StartStreamEncryptionResponse;
import software.amazon.awssdk.services.kinesis.model.StopStreamEncryptionRequest;
import software.amazon.awssdk.services.kinesis.model.StopStreamEncryptionResponse;
import software.amazon.awssdk.services.kinesis.model.StreamMode;
import software.amazon.awssdk.services.kinesis.model.UpdateMaxRecordSizeRequest;
import software.amazon.awssdk.services.kinesis.model.UpdateMaxRecordSizeResponse;
import software.amazon.awssdk.services.kinesis.model.UpdateStreamModeRequest;
import software.amazon.awssdk.services.kinesis.model.UpdateStreamModeResponse;
import software.amazon.awssdk.services.kinesis.model.UpdateStreamWarmThroughputRequest;
import software.amazon.awssdk.services.kinesis.model.UpdateStreamWarmThroughputResponse;

/** Calls that change what the owner of a stream chose: retention, mode, sizes, encryption. */
public final class OptionCalls {
  private static final int MIN_RETENTION_HOURS = 24;
  private static final int MAX_RETENTION_HOURS = 8760;

  private final StreamDirectory directory;
  private final StreamFinder finder;
  private final ControlSettings settings;
  private final InstantSource clock;
  private final Account account;

  public OptionCalls(
      StreamDirectory directory,
      StreamFinder finder,
      ControlSettings settings,
      InstantSource clock) {
    this.directory = directory;
    this.finder = finder;
    this.settings = settings;
    this.clock = clock;
    this.account = finder.account();
  }

  public void register(Calls calls) {
    calls.add(
        "IncreaseStreamRetentionPeriod",
        IncreaseStreamRetentionPeriodRequest::builder,
        (context, request) ->
            retain(
                    finder.stream(request.streamName(), request.streamARN()),
                    request.retentionPeriodHours(),
                    true)
                .thenApply(done -> IncreaseStreamRetentionPeriodResponse.builder().build()));
    calls.add(
        "DecreaseStreamRetentionPeriod",
        DecreaseStreamRetentionPeriodRequest::builder,
        (context, request) ->
            retain(
                    finder.stream(request.streamName(), request.streamARN()),
                    request.retentionPeriodHours(),
                    false)
                .thenApply(done -> DecreaseStreamRetentionPeriodResponse.builder().build()));
    calls.add("UpdateStreamMode", UpdateStreamModeRequest::builder, this::mode);
    calls.add("UpdateMaxRecordSize", UpdateMaxRecordSizeRequest::builder, this::recordSize);
    calls.add("UpdateStreamWarmThroughput", UpdateStreamWarmThroughputRequest::builder, this::warm);
    calls.add("StartStreamEncryption", StartStreamEncryptionRequest::builder, this::encrypt);
    calls.add("StopStreamEncryption", StopStreamEncryptionRequest::builder, this::stopEncrypting);
    calls.add(
        "UpdateStreamRecordDistributionStrategy", OpenRequest::builder, this::distributionStrategy);
  }

  private CompletionStage<DataStream> retain(OpenStream stream, int hours, boolean increase) {
    return directory.change(
        stream,
        now -> {
          int current = now.options().retentionHours();
          if (hours < MIN_RETENTION_HOURS) {
            throw AwsError.INVALID_ARGUMENT.because(
                "Minimum allowed retention period is %d hours. Requested retention period (%d hours) is too short."
                    .formatted(MIN_RETENTION_HOURS, hours));
          }
          if (hours > MAX_RETENTION_HOURS) {
            throw AwsError.INVALID_ARGUMENT.because(
                "Maximum allowed retention period is %d hours. Requested retention period (%d hours) is too long."
                    .formatted(MAX_RETENTION_HOURS, hours));
          }
          if (increase ? hours < current : hours > current) {
            throw AwsError.INVALID_ARGUMENT.because(
                "Requested retention period (%d hours) for stream %s can not be %s than existing retention period (%d hours). Use %sRetentionPeriod API."
                    .formatted(
                        hours,
                        now.name(),
                        increase ? "shorter" : "longer",
                        current,
                        increase ? "Decrease" : "Increase"));
          }
          return now.withOptions(now.options().withRetentionHours(hours));
        });
  }

  private CompletionStage<SdkPojo> mode(OperationContext context, UpdateStreamModeRequest request) {
    OpenStream stream = finder.streamOf(request.streamARN());
    Mode wanted =
        request.streamModeDetails().streamMode() == StreamMode.ON_DEMAND
            ? Mode.ON_DEMAND
            : Mode.PROVISIONED;
    return directory
        .change(
            stream,
            now -> {
              if (now.options().mode() == wanted) {
                return now;
              }
              checkChanges(now, Change.Kind.MODE, settings.modeChangesPerDay(), "mode changes");
              if (wanted == Mode.ON_DEMAND) {
                new QuotaCheck(directory, account, settings).onDemandStream();
              }
              StreamOptions next = now.options().withMode(wanted);
              next =
                  wanted == Mode.PROVISIONED
                      ? next.withDistribution(Distribution.USER_PARTITION_KEY)
                          .withWarmMibps(OptionalInt.empty())
                      : warmed(next, request.warmThroughputMiBps());
              return now.withOptions(next).withChange(Change.Kind.MODE, clock.millis());
            })
        .thenApply(done -> UpdateStreamModeResponse.builder().build());
  }

  private static StreamOptions warmed(StreamOptions options, @Nullable Integer mibps) {
    return mibps == null ? options : options.withWarmMibps(OptionalInt.of(mibps));
  }

  private void checkChanges(DataStream stream, Change.Kind kind, int limit, String what) {
    if (ControlSettings.isOver(stream.changesWithinDay(kind, clock.millis()) + 1, limit)) {
      throw AwsError.LIMIT_EXCEEDED.because(
          "Stream %s under account %s had %d %s within 24 hours, the most allowed."
              .formatted(stream.name(), account.id(), limit, what));
    }
  }

  private CompletionStage<SdkPojo> recordSize(
      OperationContext context, UpdateMaxRecordSizeRequest request) {
    OpenStream stream = finder.streamOf(request.streamARN());
    return directory
        .change(
            stream,
            now -> now.withOptions(now.options().withMaxRecordKib(request.maxRecordSizeInKiB())))
        .thenApply(done -> UpdateMaxRecordSizeResponse.builder().build());
  }

  private CompletionStage<SdkPojo> warm(
      OperationContext context, UpdateStreamWarmThroughputRequest request) {
    OpenStream stream = finder.stream(request.streamName(), request.streamARN());
    return directory
        .change(
            stream,
            now -> {
              requireOnDemand(now.options().mode(), "WarmThroughputMiBps");
              return now.withOptions(
                  now.options().withWarmMibps(OptionalInt.of(request.warmThroughputMiBps())));
            })
        .thenApply(
            next ->
                UpdateStreamWarmThroughputResponse.builder()
                    .streamName(next.name())
                    .streamARN(account.streamArn(next.name()))
                    .warmThroughput(StreamShapes.warm(next.options().warmMibps()))
                    .build());
  }

  static void requireOnDemand(Mode mode, String member) {
    if (mode != Mode.ON_DEMAND) {
      throw AwsError.INVALID_ARGUMENT.because(member + " is for streams in ON_DEMAND mode only.");
    }
  }

  private CompletionStage<SdkPojo> encrypt(
      OperationContext context, StartStreamEncryptionRequest request) {
    OpenStream stream = finder.stream(request.streamName(), request.streamARN());
    checkKms(request.encryptionType());
    return encryption(stream, Optional.of(request.keyId()))
        .thenApply(done -> StartStreamEncryptionResponse.builder().build());
  }

  private CompletionStage<SdkPojo> stopEncrypting(
      OperationContext context, StopStreamEncryptionRequest request) {
    OpenStream stream = finder.stream(request.streamName(), request.streamARN());
    checkKms(request.encryptionType());
    return encryption(stream, Optional.empty())
        .thenApply(done -> StopStreamEncryptionResponse.builder().build());
  }

  private static void checkKms(EncryptionType type) {
    if (type != EncryptionType.KMS) {
      throw AwsError.INVALID_ARGUMENT.because("EncryptionType must be KMS.");
    }
  }

  private CompletionStage<DataStream> encryption(OpenStream stream, Optional<String> key) {
    return directory.change(
        stream,
        now -> {
          if (now.options().encryptionKey().equals(key)) {
            return now;
          }
          checkChanges(
              now,
              Change.Kind.ENCRYPTION,
              settings.encryptionChangesPerDay(),
              "encryption changes");
          return now.withOptions(now.options().withEncryptionKey(key))
              .withChange(Change.Kind.ENCRYPTION, clock.millis());
        });
  }

  private CompletionStage<SdkPojo> distributionStrategy(
      OperationContext context, OpenRequest request) {
    Map<String, Object> members = context.extraMembers();
    OpenStream stream = finder.streamOf(required(members, "StreamARN"));
    Object wanted = required(members, "RecordDistributionStrategy");
    return directory
        .change(
            stream,
            now ->
                now.withOptions(
                    now.options().withDistribution(distribution(wanted, now.options().mode()))))
        .thenApply(done -> OpenShape.of(Map.of()));
  }

  private static String required(Map<String, Object> members, String name) {
    if (members.get(name) instanceof String text) {
      return text;
    }
    throw AwsError.VALIDATION.because(
        ("1 validation error detected: Value null at '%s' failed to satisfy constraint: Member"
                + " must not be null")
            .formatted(Character.toLowerCase(name.charAt(0)) + name.substring(1)));
  }

  /** Reads a strategy; AUTO needs a stream that scales itself. */
  static Distribution distribution(Object text, Mode mode) {
    Distribution wanted;
    try {
      wanted = Distribution.valueOf(String.valueOf(text));
    } catch (IllegalArgumentException e) {
      throw AwsError.VALIDATION.because(
          ("1 validation error detected: Value '%s' at 'recordDistributionStrategy' failed to"
                  + " satisfy constraint: Member must satisfy enum value set: [AUTO,"
                  + " USER_PARTITION_KEY]")
              .formatted(text));
    }
    if (wanted == Distribution.AUTO) {
      requireOnDemand(mode, "RecordDistributionStrategy AUTO");
    }
    return wanted;
  }
}
