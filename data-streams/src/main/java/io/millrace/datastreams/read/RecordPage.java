package io.millrace.datastreams.read;

import io.millrace.datastreams.model.DataStream;
import io.millrace.datastreams.model.StreamShard;
import io.millrace.datastreams.stream.OpenShard;
import io.millrace.datastreams.stream.OpenStream;
import io.millrace.store.shard.LogReader;
import io.millrace.store.shard.Position;
import io.millrace.store.shard.Slice;
import io.millrace.store.shard.StoredRecord;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Records of a shard that were read together.
 *
 * @param shard where they stand
 * @param records in order
 * @param bytes their data and keys
 * @param next where to read on
 * @param ended whether the shard is closed and nothing follows
 * @param millisBehind how far the reader is behind the newest record
 */
public record RecordPage(
    StreamShard shard,
    List<StoredRecord> records,
    long bytes,
    Position next,
    boolean ended,
    long millisBehind) {

  /**
   * Reads the next records of a shard.
   *
   * @param maxBytes of data and keys; one record is read even if it is larger
   * @param wait how long to wait at the end for a record
   * @param nowMillis server time
   */
  public static CompletionStage<RecordPage> read(
      OpenShard shard, Position from, int maxRecords, int maxBytes, Duration wait, long nowMillis) {
    LogReader reader = shard.reader();
    return reader
        .read(from, maxRecords, maxBytes, wait)
        .thenApply(slice -> page(shard, slice, maxBytes, nowMillis));
  }

  private static RecordPage page(OpenShard shard, Slice slice, int maxBytes, long nowMillis) {
    List<StoredRecord> records = slice.records();
    long bytes = 0;
    int taken = 0;
    for (StoredRecord record : records) {
      int size = record.payload().remaining() + record.key().remaining();
      if (taken > 0 && bytes + size > maxBytes) {
        break;
      }
      bytes += size;
      taken++;
    }
    boolean cut = taken < records.size();
    Position next = cut ? records.get(taken).head().position() : slice.next();
    List<StoredRecord> kept = cut ? records.subList(0, taken) : records;
    boolean ended = slice.ended() && !cut;
    boolean atTip = ended || next.compareTo(shard.reader().bounds().next()) >= 0;
    long behind =
        atTip || kept.isEmpty()
            ? 0
            : Math.max(0, nowMillis - kept.getLast().head().arrivalMillis());
    return new RecordPage(shard.info(), kept, bytes, next, ended, behind);
  }

  /** The shards that follow the shard of this page; for a page that ended. */
  public List<StreamShard> children(OpenStream stream) {
    DataStream info = stream.info();
    return info.shards().childrenOf(shard.number());
  }

  /** Sequence number of a record of this page. */
  public String sequenceNumber(StoredRecord record) {
    return shard
        .sequenceNumber(record.head().position().value(), record.head().arrivalMillis())
        .toString();
  }

  /** A number above those of this page and not above any that follows. */
  public String continuation() {
    long index = Math.max(0, next.value() - 1);
    long millis =
        records.isEmpty()
            ? shard.createdSeconds() * 1000
            : records.getLast().head().arrivalMillis();
    return shard.sequenceNumber(index, millis).toString();
  }
}
