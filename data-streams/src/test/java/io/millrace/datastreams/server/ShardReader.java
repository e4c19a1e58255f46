package io.millrace.datastreams.server;

import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.ChildShard;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/**
 * Reads a shard as a polling client does: until it is up to date, or at the end of a closed one.
 */
public final class ShardReader {
  private ShardReader() {}

  /**
   * What was read.
   *
   * @param ended whether the shard is closed and was read to its end
   */
  public record Result(List<Record> records, boolean ended, List<ChildShard> children) {
    public List<String> texts() {
      return records.stream().map(record -> record.data().asUtf8String()).toList();
    }
  }

  public static Result readAll(KinesisClient client, String stream, String shard) {
    return read(
        client,
        GetShardIteratorRequest.builder()
            .streamName(stream)
            .shardId(shard)
            .shardIteratorType(ShardIteratorType.TRIM_HORIZON)
            .build(),
        10_000);
  }

  public static Result read(KinesisClient client, GetShardIteratorRequest from, int limit) {
    List<Record> records = new ArrayList<>();
    String iterator = client.getShardIterator(from).shardIterator();
    while (true) {
      String at = iterator;
      GetRecordsResponse page = client.getRecords(r -> r.shardIterator(at).limit(limit));
      records.addAll(page.records());
      iterator = page.nextShardIterator();
      if (iterator == null) {
        return new Result(records, true, page.childShards());
      }
      if (page.records().isEmpty() && page.millisBehindLatest() == 0) {
        return new Result(records, false, List.of());
      }
    }
  }
}
