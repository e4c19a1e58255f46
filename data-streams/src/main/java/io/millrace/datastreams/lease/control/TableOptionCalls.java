package io.millrace.datastreams.lease.control;

import io.millrace.api.error.AwsError;
import io.millrace.datastreams.lease.call.LeaseCalls;
import io.millrace.datastreams.lease.table.LeaseTable;
import io.millrace.datastreams.lease.table.TableStore;
import io.millrace.datastreams.lease.table.TableView;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.dynamodb.model.ContinuousBackupsDescription;
import software.amazon.awssdk.services.dynamodb.model.ContinuousBackupsStatus;
import software.amazon.awssdk.services.dynamodb.model.DescribeContinuousBackupsRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeContinuousBackupsResponse;
import software.amazon.awssdk.services.dynamodb.model.DescribeTimeToLiveRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTimeToLiveResponse;
import software.amazon.awssdk.services.dynamodb.model.PointInTimeRecoveryStatus;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveSpecification;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;
import software.amazon.awssdk.services.dynamodb.model.UpdateContinuousBackupsRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateContinuousBackupsResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateTimeToLiveRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateTimeToLiveResponse;

/** Calls on the expiry of items and on backups; the wish for backups is kept, nothing more. */
public final class TableOptionCalls {
  private final TableStore store;

  public TableOptionCalls(TableStore store) {
    this.store = store;
  }

  /** Registers the calls. */
  public void register(LeaseCalls calls) {
    calls.addRead(
        "DescribeTimeToLive", DescribeTimeToLiveRequest::builder, TableOptionCalls::describeTtl);
    calls.add(
        "UpdateTimeToLive",
        UpdateTimeToLiveRequest::builder,
        (context, request) -> updateTtl(request));
    calls.addRead(
        "DescribeContinuousBackups",
        DescribeContinuousBackupsRequest::builder,
        (view, request) ->
            DescribeContinuousBackupsResponse.builder()
                .continuousBackupsDescription(backups(table(view, request.tableName())))
                .build());
    calls.add(
        "UpdateContinuousBackups",
        UpdateContinuousBackupsRequest::builder,
        (context, request) -> updateBackups(request));
  }

  private static LeaseTable table(TableView view, String name) {
    return view.find(name).orElseThrow(() -> TableCalls.notFound(name));
  }

  private static SdkPojo describeTtl(TableView view, DescribeTimeToLiveRequest request) {
    Optional<String> attribute = table(view, request.tableName()).ttlAttribute();
    return DescribeTimeToLiveResponse.builder()
        .timeToLiveDescription(
            ttl ->
                ttl.attributeName(attribute.orElse(null))
                    .timeToLiveStatus(
                        attribute.isPresent()
                            ? TimeToLiveStatus.ENABLED
                            : TimeToLiveStatus.DISABLED))
        .build();
  }

  private CompletionStage<SdkPojo> updateTtl(UpdateTimeToLiveRequest request) {
    TimeToLiveSpecification wanted = request.timeToLiveSpecification();
    if (wanted == null) {
      throw AwsError.VALIDATION.because(
          "1 validation error detected: Value null at 'timeToLiveSpecification' failed to satisfy"
              + " constraint: Member must not be null");
    }
    return store.update(
        (view, changes) -> {
          LeaseTable table = table(view, request.tableName());
          if (wanted.enabled() == table.ttlAttribute().isPresent()) {
            throw AwsError.VALIDATION.because(
                wanted.enabled()
                    ? "TimeToLive is already enabled"
                    : "TimeToLive is already disabled");
          }
          table
              .ttlAttribute()
              .filter(present -> !present.equals(wanted.attributeName()))
              .ifPresent(
                  other -> {
                    throw AwsError.VALIDATION.because(
                        "TimeToLive is active on a different AttributeName: current AttributeName"
                            + " is "
                            + other);
                  });
          changes.put(
              table.withTtl(
                  wanted.enabled() ? Optional.of(wanted.attributeName()) : Optional.empty()));
          return UpdateTimeToLiveResponse.builder().timeToLiveSpecification(wanted).build();
        });
  }

  private CompletionStage<SdkPojo> updateBackups(UpdateContinuousBackupsRequest request) {
    boolean wanted = request.pointInTimeRecoverySpecification().pointInTimeRecoveryEnabled();
    return store.update(
        (view, changes) -> {
          LeaseTable table = table(view, request.tableName()).withRecovery(wanted);
          changes.put(table);
          return UpdateContinuousBackupsResponse.builder()
              .continuousBackupsDescription(backups(table))
              .build();
        });
  }

  private static ContinuousBackupsDescription backups(LeaseTable table) {
    return ContinuousBackupsDescription.builder()
        .continuousBackupsStatus(ContinuousBackupsStatus.ENABLED)
        .pointInTimeRecoveryDescription(
            recovery ->
                recovery.pointInTimeRecoveryStatus(
                    table.recovery()
                        ? PointInTimeRecoveryStatus.ENABLED
                        : PointInTimeRecoveryStatus.DISABLED))
        .build();
  }
}
