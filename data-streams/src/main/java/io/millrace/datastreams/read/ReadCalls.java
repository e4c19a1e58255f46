package io.millrace.datastreams.read;

import io.millrace.api.error.AwsError;
import io.millrace.api.shape.OpenShape;
import io.millrace.api.wire.OperationContext;
import io.millrace.datastreams.call.Calls;
import io.millrace.datastreams.model.ShardId;
import io.millrace.datastreams.stream.OpenShard;
import io.millrace.datastreams.stream.OpenStream;
import io.millrace.datastreams.stream.StreamDirectory;
import io.millrace.datastreams.stream.StreamFinder;
import io.millrace.store.StoreException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.kinesis.model.GetRecordsRequest;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorResponse;

/** GetShardIterator and GetRecords. */
public final class ReadCalls {
  private final StreamDirectory directory;
  private final StreamFinder finder;
  private final ReadSettings settings;
  private final IteratorTokens tokens;
  private final InstantSource clock;

  public ReadCalls(
      StreamDirectory directory,
      StreamFinder finder,
      ReadSettings settings,
      IteratorTokens tokens,
      InstantSource clock) {
    this.directory = directory;
    this.finder = finder;
    this.settings = settings;
    this.tokens = tokens;
    this.clock = clock;
  }

  public void register(Calls calls) {
    calls.add("GetShardIterator", GetShardIteratorRequest::builder, this::iterator);
    calls.add("GetRecords", GetRecordsRequest::builder, this::records);
  }

  private CompletionStage<SdkPojo> iterator(
      OperationContext context, GetShardIteratorRequest request) {
    OpenStream stream = finder.usable(request.streamName(), request.streamARN());
    OpenShard shard = finder.shard(stream, request.shardId());
    if (!shard.budget().iterator(System.nanoTime())) {
      throw finder.account().rateExceeded(shard.info().id(), stream.name());
    }
    return new StartPosition(
            request.shardIteratorType(), request.startingSequenceNumber(), request.timestamp())
        .find(shard, clock)
        .thenApply(
            position ->
                GetShardIteratorResponse.builder()
                    .shardIterator(
                        tokens.encode(
                            stream.name(),
                            stream.info().createdMillis(),
                            shard.info().number(),
                            position))
                    .build());
  }

  private CompletionStage<SdkPojo> records(OperationContext context, GetRecordsRequest request) {
    ShardIterator iterator = tokens.decode(request.shardIterator());
    OpenStream stream = stream(iterator);
    if (request.streamARN() != null
        && !finder.streamOf(request.streamARN()).name().equals(stream.name())) {
      throw AwsError.INVALID_ARGUMENT.because(
          "StreamARN and ShardIterator name different streams.");
    }
    OpenShard shard = finder.shard(stream, ShardId.of(iterator.shard()));
    long began = System.nanoTime();
    if (!shard.budget().read(began)) {
      shard.counters().readsThrottled.increment();
      throw finder.account().rateExceeded(shard.info().id(), stream.name());
    }
    int limit = request.limit() == null ? ReadSettings.MAX_RECORDS : request.limit();
    return RecordPage.read(
            shard, iterator.position(), limit, settings.maxBytes(), Duration.ZERO, clock.millis())
        .thenApply(
            page -> {
              shard.budget().gave(page.bytes(), began);
              shard.counters().recordsOut.add(page.records().size());
              shard.counters().bytesOut.add(page.bytes());
              return answer(stream, page);
            });
  }

  private OpenStream stream(ShardIterator iterator) {
    OpenStream stream =
        directory
            .find(iterator.stream())
            .filter(found -> found.info().createdMillis() == iterator.createdMillis())
            .orElseThrow(() -> finder.account().streamNotFound(iterator.stream()));
    StoreException failure = stream.failure();
    if (failure != null) {
      throw failure;
    }
    return stream;
  }

  private SdkPojo answer(OpenStream stream, RecordPage page) {
    GetRecordsResponse.Builder response =
        GetRecordsResponse.builder().millisBehindLatest(page.millisBehind());
    if (page.ended()) {
      response.childShards(RecordShapes.children(stream, page));
    } else {
      response.nextShardIterator(
          tokens.encode(
              stream.name(), stream.info().createdMillis(), page.shard().number(), page.next()));
    }
    return new OpenShape(response.build(), Map.of("Records", RecordShapes.records(page)));
  }
}
