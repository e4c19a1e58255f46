package io.millrace.ingest.edge;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.api.page.PageToken;
import io.millrace.api.wire.OperationContext;
import io.millrace.api.wire.OperationRouter;
import io.millrace.ingest.control.StreamErrors;
import io.millrace.ingest.control.StreamNames;
import io.millrace.ingest.source.SourceState;
import io.millrace.store.stream.StreamCatalog;
import io.millrace.store.stream.StreamInfo;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kinesisvideo.model.DeleteEdgeConfigurationRequest;
import software.amazon.awssdk.services.kinesisvideo.model.DeleteEdgeConfigurationResponse;
import software.amazon.awssdk.services.kinesisvideo.model.DescribeEdgeConfigurationRequest;
import software.amazon.awssdk.services.kinesisvideo.model.DescribeEdgeConfigurationResponse;
import software.amazon.awssdk.services.kinesisvideo.model.EdgeAgentStatus;
import software.amazon.awssdk.services.kinesisvideo.model.EdgeConfig;
import software.amazon.awssdk.services.kinesisvideo.model.LastRecorderStatus;
import software.amazon.awssdk.services.kinesisvideo.model.ListEdgeAgentConfigurationsEdgeConfig;
import software.amazon.awssdk.services.kinesisvideo.model.ListEdgeAgentConfigurationsRequest;
import software.amazon.awssdk.services.kinesisvideo.model.ListEdgeAgentConfigurationsResponse;
import software.amazon.awssdk.services.kinesisvideo.model.MediaUriType;
import software.amazon.awssdk.services.kinesisvideo.model.RecorderStatus;
import software.amazon.awssdk.services.kinesisvideo.model.ScheduleConfig;
import software.amazon.awssdk.services.kinesisvideo.model.StartEdgeConfigurationUpdateRequest;
import software.amazon.awssdk.services.kinesisvideo.model.StartEdgeConfigurationUpdateResponse;
import software.amazon.awssdk.services.kinesisvideo.model.SyncStatus;

/** Sets, describes, lists and removes edge configurations. */
final class EdgeControl {
  private static final int DEFAULT_PAGE = 5;
  private static final String LIST_CALL = "ListEdgeAgentConfigurations";

  private final EdgeConfigurations configurations;
  private final EdgeRecorder recorder;
  private final StreamNames names;
  private final StreamCatalog catalog;
  private final InstantSource clock;

  EdgeControl(
      EdgeConfigurations configurations,
      EdgeRecorder recorder,
      StreamNames names,
      StreamCatalog catalog,
      InstantSource clock) {
    this.configurations = configurations;
    this.recorder = recorder;
    this.names = names;
    this.catalog = catalog;
    this.clock = clock;
  }

  void register(OperationRouter router) {
    router
        .service("kinesisvideo")
        .operation(
            "StartEdgeConfigurationUpdate",
            StartEdgeConfigurationUpdateRequest::builder,
            this::start)
        .operation(
            "DescribeEdgeConfiguration", DescribeEdgeConfigurationRequest::builder, this::describe)
        .operation("DeleteEdgeConfiguration", DeleteEdgeConfigurationRequest::builder, this::delete)
        .operation(LIST_CALL, ListEdgeAgentConfigurationsRequest::builder, this::list);
  }

  private Future<StartEdgeConfigurationUpdateResponse> start(
      OperationContext context, StartEdgeConfigurationUpdateRequest request) {
    StreamInfo stream = resolve(request.streamName(), request.streamARN());
    check(request.edgeConfig());
    if (stream.retentionHours() == 0) {
      throw AwsError.NO_DATA_RETENTION.because(
          "The stream keeps nothing (DataRetentionInHours is 0); there is nowhere to record to.");
    }
    return context
        .onContext(configurations.put(stream, request.edgeConfig()))
        .recover(failure -> Future.failedFuture(StreamErrors.of(failure)))
        .map(
            made -> {
              recorder.look(stream.name());
              return StartEdgeConfigurationUpdateResponse.builder()
                  .streamName(stream.name())
                  .streamARN(names.arn(stream))
                  .creationTime(Instant.ofEpochMilli(made.createdMillis()))
                  .lastUpdatedTime(Instant.ofEpochMilli(made.updatedMillis()))
                  .syncStatus(SyncStatus.SYNCING)
                  .edgeConfig(made.config())
                  .build();
            });
  }

  /** Refuses what would be kept and not be done. */
  private static void check(EdgeConfig config) {
    if (config.recorderConfig().mediaSourceConfig().mediaUriType() != MediaUriType.RTSP_URI) {
      throw AwsError.INVALID_ARGUMENT.because(
          "EdgeConfig.RecorderConfig.MediaSourceConfig.MediaUriType must be RTSP_URI; files are"
              + " brought in with PUT /v1/streams/NAME/media.");
    }
    checkSchedule("RecorderConfig", config.recorderConfig().scheduleConfig());
    if (config.uploaderConfig() != null) {
      checkSchedule("UploaderConfig", config.uploaderConfig().scheduleConfig());
    }
  }

  private static void checkSchedule(String part, @Nullable ScheduleConfig schedule) {
    if (schedule == null) {
      return;
    }
    try {
      Schedule.of(schedule);
    } catch (IllegalArgumentException e) {
      throw AwsError.INVALID_ARGUMENT.because(
          "EdgeConfig.%s.ScheduleConfig.ScheduleExpression is not a Quartz cron expression: %s"
              .formatted(part, e.getMessage()));
    }
  }

  private Future<DescribeEdgeConfigurationResponse> describe(
      OperationContext context, DescribeEdgeConfigurationRequest request) {
    StreamInfo stream = resolve(request.streamName(), request.streamARN());
    EdgeConfiguration found = configurations.find(stream).orElseThrow(EdgeControl::notConfigured);
    String trouble = recorder.trouble(found);
    return Future.succeededFuture(
        DescribeEdgeConfigurationResponse.builder()
            .streamName(stream.name())
            .streamARN(names.arn(stream))
            .creationTime(Instant.ofEpochMilli(found.createdMillis()))
            .lastUpdatedTime(Instant.ofEpochMilli(found.updatedMillis()))
            .syncStatus(status(trouble))
            .failedStatusDetails(trouble)
            .edgeConfig(found.config())
            .edgeAgentStatus(agent(found))
            .build());
  }

  private static SyncStatus status(@Nullable String trouble) {
    return trouble == null ? SyncStatus.IN_SYNC : SyncStatus.SYNC_FAILED;
  }

  private EdgeAgentStatus agent(EdgeConfiguration configuration) {
    LastRecorderStatus.Builder status = LastRecorderStatus.builder();
    Optional<SourceState> pull = recorder.state(configuration);
    if (pull.isEmpty()) {
      status
          .recorderStatus(
              recorder.trouble(configuration) == null
                  ? RecorderStatus.SUCCESS
                  : RecorderStatus.USER_ERROR)
          .jobStatusDetails(
              recorder.isItsTime(configuration) ? "not recording" : "waiting for its time")
          .lastUpdatedTime(clock.instant());
      return EdgeAgentStatus.builder().lastRecorderStatus(status.build()).build();
    }
    SourceState state = pull.get();
    boolean receiving = state.phase() == SourceState.Phase.RECEIVING;
    Optional<String> error = receiving ? Optional.empty() : state.lastError();
    status
        .recorderStatus(error.isEmpty() ? RecorderStatus.SUCCESS : RecorderStatus.SYSTEM_ERROR)
        .jobStatusDetails(error.orElse(receiving ? "receiving" : "connecting"))
        .lastUpdatedTime(
            state.sinceMillis() == 0 ? clock.instant() : Instant.ofEpochMilli(state.sinceMillis()));
    if (receiving) {
      status.lastCollectedTime(clock.instant());
    }
    return EdgeAgentStatus.builder().lastRecorderStatus(status.build()).build();
  }

  private Future<DeleteEdgeConfigurationResponse> delete(
      OperationContext context, DeleteEdgeConfigurationRequest request) {
    StreamInfo stream = resolve(request.streamName(), request.streamARN());
    return context
        .onContext(configurations.remove(stream.name(), stream.createdMillis()))
        .recover(failure -> Future.failedFuture(StreamErrors.of(failure)))
        .map(
            was -> {
              if (!was) {
                throw notConfigured();
              }
              recorder.look(stream.name());
              return DeleteEdgeConfigurationResponse.builder().build();
            });
  }

  private Future<ListEdgeAgentConfigurationsResponse> list(
      OperationContext context, ListEdgeAgentConfigurationsRequest request) {
    String hub = request.hubDeviceArn();
    String after = "";
    if (request.nextToken() != null && !request.nextToken().isEmpty()) {
      List<String> parts = PageToken.decode(request.nextToken(), LIST_CALL);
      if (parts.size() != 2 || !parts.get(0).equals(hub)) {
        throw AwsError.INVALID_ARGUMENT.because("NextToken belongs to another HubDeviceArn");
      }
      after = parts.get(1);
    }
    int limit = Optional.ofNullable(request.maxResults()).orElse(DEFAULT_PAGE);
    List<ListEdgeAgentConfigurationsEdgeConfig> found =
        configurations.after(after).stream()
            .filter(each -> each.config().hubDeviceArn().equals(hub))
            .flatMap(each -> shape(each).stream())
            .limit(limit + 1L)
            .toList();
    List<ListEdgeAgentConfigurationsEdgeConfig> page =
        found.subList(0, Math.min(limit, found.size()));
    ListEdgeAgentConfigurationsResponse.Builder response =
        ListEdgeAgentConfigurationsResponse.builder().edgeConfigs(page);
    if (found.size() > limit) {
      response.nextToken(PageToken.encode(LIST_CALL, List.of(hub, page.getLast().streamName())));
    }
    return Future.succeededFuture(response.build());
  }

  private Optional<ListEdgeAgentConfigurationsEdgeConfig> shape(EdgeConfiguration each) {
    String trouble = recorder.trouble(each);
    return catalog
        .find(each.stream())
        .filter(stream -> stream.createdMillis() == each.streamCreatedMillis())
        .map(
            stream ->
                ListEdgeAgentConfigurationsEdgeConfig.builder()
                    .streamName(stream.name())
                    .streamARN(names.arn(stream))
                    .creationTime(Instant.ofEpochMilli(each.createdMillis()))
                    .lastUpdatedTime(Instant.ofEpochMilli(each.updatedMillis()))
                    .syncStatus(status(trouble))
                    .failedStatusDetails(trouble)
                    .edgeConfig(each.config())
                    .build());
  }

  private StreamInfo resolve(@Nullable String name, @Nullable String arn) {
    StreamInfo stream = names.resolve(name, arn);
    if (stream.status() == StreamInfo.Status.DELETING) {
      throw StreamErrors.notFound();
    }
    return stream;
  }

  private static AwsException notConfigured() {
    return AwsError.STREAM_EDGE_CONFIGURATION_NOT_FOUND.because(
        "The stream has no edge configuration.");
  }
}
