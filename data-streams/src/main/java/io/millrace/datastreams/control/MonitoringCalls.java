package io.millrace.datastreams.control;

import io.millrace.api.wire.OperationContext;
import io.millrace.datastreams.call.Calls;
import io.millrace.datastreams.stream.OpenStream;
import io.millrace.datastreams.stream.StreamDirectory;
import io.millrace.datastreams.stream.StreamFinder;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.kinesis.model.DisableEnhancedMonitoringRequest;
import software.amazon.awssdk.services.kinesis.model.DisableEnhancedMonitoringResponse;
import software.amazon.awssdk.services.kinesis.model.EnableEnhancedMonitoringRequest;
import software.amazon.awssdk.services.kinesis.model.EnableEnhancedMonitoringResponse;
import software.amazon.awssdk.services.kinesis.model.MetricsName;

/** EnableEnhancedMonitoring and DisableEnhancedMonitoring: metrics of single shards. */
public final class MonitoringCalls {
  private final StreamDirectory directory;
  private final StreamFinder finder;

  public MonitoringCalls(StreamDirectory directory, StreamFinder finder) {
    this.directory = directory;
    this.finder = finder;
  }

  public void register(Calls calls) {
    calls.add("EnableEnhancedMonitoring", EnableEnhancedMonitoringRequest::builder, this::enable);
    calls.add(
        "DisableEnhancedMonitoring", DisableEnhancedMonitoringRequest::builder, this::disable);
  }

  private static Set<String> spelt(List<MetricsName> names) {
    boolean all = names.contains(MetricsName.ALL);
    return (all ? MetricsName.knownValues() : names)
        .stream()
            .filter(name -> name != MetricsName.ALL)
            .map(MetricsName::toString)
            .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * A change of the metrics that are on.
   *
   * @param stream its name
   * @param before those that were on
   * @param after those that are on now
   */
  private record Change(String stream, Set<String> before, Set<String> after) {}

  private CompletionStage<Change> change(OpenStream stream, Consumer<Set<String>> edit) {
    Set<String> before = new TreeSet<>(stream.info().options().shardMetrics());
    return directory
        .change(
            stream,
            now -> {
              Set<String> next = new TreeSet<>(now.options().shardMetrics());
              edit.accept(next);
              return now.withOptions(now.options().withShardMetrics(next));
            })
        .thenApply(
            next -> new Change(next.name(), before, new TreeSet<>(next.options().shardMetrics())));
  }

  private CompletionStage<SdkPojo> enable(
      OperationContext context, EnableEnhancedMonitoringRequest request) {
    Set<String> names = spelt(request.shardLevelMetrics());
    return change(finder.stream(request.streamName(), request.streamARN()), on -> on.addAll(names))
        .thenApply(
            change ->
                EnableEnhancedMonitoringResponse.builder()
                    .streamName(change.stream())
                    .streamARN(finder.account().streamArn(change.stream()))
                    .currentShardLevelMetricsWithStrings(change.before())
                    .desiredShardLevelMetricsWithStrings(change.after())
                    .build());
  }

  private CompletionStage<SdkPojo> disable(
      OperationContext context, DisableEnhancedMonitoringRequest request) {
    Set<String> names = spelt(request.shardLevelMetrics());
    return change(
            finder.stream(request.streamName(), request.streamARN()), on -> on.removeAll(names))
        .thenApply(
            change ->
                DisableEnhancedMonitoringResponse.builder()
                    .streamName(change.stream())
                    .streamARN(finder.account().streamArn(change.stream()))
                    .currentShardLevelMetricsWithStrings(change.before())
                    .desiredShardLevelMetricsWithStrings(change.after())
                    .build());
  }
}
