package io.millrace.datastreams.read;

import io.millrace.datastreams.control.StreamShapes;
import io.millrace.datastreams.model.RecordKind;
import io.millrace.datastreams.model.ShardId;
import io.millrace.datastreams.model.StreamShard;
import io.millrace.datastreams.stream.OpenStream;
import io.millrace.store.shard.StoredRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.model.ChildShard;
import software.amazon.awssdk.services.kinesis.model.EncryptionType;
import software.amazon.awssdk.services.kinesis.model.Record;

/** Pages of records as the service's shapes. */
public final class RecordShapes {
  private RecordShapes() {}

  /** The records of a page. */
  public static List<Record> records(RecordPage page) {
    List<Record> records = new ArrayList<>(page.records().size());
    for (StoredRecord record : page.records()) {
      records.add(record(page, record));
    }
    return records;
  }

  private static Record record(RecordPage page, StoredRecord record) {
    return Record.builder()
        .sequenceNumber(page.sequenceNumber(record))
        .approximateArrivalTimestamp(Instant.ofEpochMilli(record.head().arrivalMillis()))
        .data(SdkBytes.fromByteArrayUnsafe(RecordPage.data(record)))
        .partitionKey(RecordPage.partitionKey(record))
        .encryptionType(RecordKind.isEncrypted(record.head().kind()) ? EncryptionType.KMS : null)
        .build();
  }

  /** The shards after a closed one, as readers of its end are told. */
  public static List<ChildShard> children(OpenStream stream, RecordPage page) {
    return page.children(stream).stream().map(RecordShapes::child).toList();
  }

  private static ChildShard child(StreamShard shard) {
    List<String> parents = new ArrayList<>();
    for (OptionalInt parent : List.of(shard.parent(), shard.adjacentParent())) {
      if (parent.isPresent()) {
        parents.add(ShardId.of(parent.getAsInt()));
      }
    }
    return ChildShard.builder()
        .shardId(shard.id())
        .parentShards(parents)
        .hashKeyRange(StreamShapes.range(shard))
        .build();
  }
}
