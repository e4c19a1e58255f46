package io.millrace.datastreams.read;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import io.millrace.api.shape.BodyFormat;
import io.millrace.api.shape.PojoWriter;
import io.millrace.api.shape.SelfWritten;
import io.millrace.datastreams.control.StreamShapes;
import io.millrace.datastreams.model.RecordKind;
import io.millrace.datastreams.model.ShardId;
import io.millrace.datastreams.model.StreamShard;
import io.millrace.datastreams.stream.OpenStream;
import io.millrace.store.shard.StoredRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import software.amazon.awssdk.services.kinesis.model.ChildShard;

/** Pages of records as the service's shapes. */
public final class RecordShapes {
  private static final int SCRATCH_BYTES = 4096;
  private static final SerializableString SEQUENCE_NUMBER = new SerializedString("SequenceNumber");
  private static final SerializableString ARRIVAL =
      new SerializedString("ApproximateArrivalTimestamp");
  private static final SerializableString DATA = new SerializedString("Data");
  private static final SerializableString PARTITION_KEY = new SerializedString("PartitionKey");

  private RecordShapes() {}

  /**
   * The list of the records of a page, as {@code Record} shapes. Millions of them leave a server
   * each minute, so they are written without an object for each.
   */
  public static SelfWritten records(RecordPage page) {
    return (body, format) -> {
      byte[] bytes = new byte[SCRATCH_BYTES];
      body.writeStartArray(page.records(), page.records().size());
      for (StoredRecord record : page.records()) {
        bytes = write(body, format, page, record, bytes);
      }
      body.writeEndArray();
    };
  }

  /** Writes one record; gives the scratch back, which may have grown. */
  private static byte[] write(
      JsonGenerator body, BodyFormat format, RecordPage page, StoredRecord record, byte[] scratch)
      throws IOException {
    int kind = record.head().kind();
    body.writeStartObject();
    body.writeFieldName(SEQUENCE_NUMBER);
    body.writeString(page.sequenceNumber(record));
    body.writeFieldName(ARRIVAL);
    PojoWriter.timestamp(body, format, record.head().arrivalMillis());
    body.writeFieldName(DATA);
    byte[] bytes = copied(record.payload(), scratch);
    body.writeBinary(bytes, 0, record.payload().remaining());
    if (RecordKind.hasKey(kind)) {
      body.writeFieldName(PARTITION_KEY);
      bytes = copied(record.key(), bytes);
      body.writeUTF8String(bytes, 0, record.key().remaining());
    }
    if (RecordKind.isEncrypted(kind)) {
      body.writeStringField("EncryptionType", "KMS");
    }
    body.writeEndObject();
    return bytes;
  }

  private static byte[] copied(ByteBuffer from, byte[] scratch) {
    int size = from.remaining();
    byte[] bytes = scratch.length >= size ? scratch : new byte[size];
    from.get(from.position(), bytes, 0, size);
    return bytes;
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
