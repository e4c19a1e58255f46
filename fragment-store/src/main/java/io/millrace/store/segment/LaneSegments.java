package io.millrace.store.segment;

import io.millrace.store.segment.file.Block;
import io.millrace.store.segment.file.BlockEncoder;
import io.millrace.store.segment.file.RecordLayout;
import io.millrace.store.segment.file.Segment;
import io.millrace.store.segment.file.SegmentHeader;
import io.millrace.store.segment.file.SegmentIndex;
import io.millrace.store.segment.file.SegmentSummary;
import io.millrace.store.segment.file.ShardSet;
import io.millrace.store.segment.file.SparePool;
import io.millrace.store.segment.storage.AlignedBuffers;
import io.millrace.store.segment.storage.Storage;
import io.millrace.store.segment.storage.StorageFile;
import io.millrace.store.shard.Position;
import io.millrace.store.shard.Retention;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;

/**
 * Life of the segments of one lane: begun, filled, closed, dropped. Runs on the lane's writer
 * thread.
 */
final class LaneSegments {
  /** Retention in bytes is kept with at least this many segments. */
  private static final int SEGMENTS_PER_LIMIT = 10;

  /** The open segment is given up when it is purged after this part of it was used. */
  private static final int PURGED_PART = 4;

  private static final int GROWTH_BETWEEN_CHECKS_BYTES = 1 << 20;

  private final Lane lane;
  private final EngineParts parts;
  private final BlockEncoder encoder;
  private long spaceCheckedAt;

  LaneSegments(Lane lane, EngineParts parts, BlockEncoder encoder) {
    this.lane = lane;
    this.parts = parts;
    this.encoder = encoder;
  }

  /** The open segment, or a new one when it has no room. */
  Segment withRoomFor(long bytes) throws IOException {
    List<Segment> all = lane.segments();
    if (!all.isEmpty()) {
      Segment last = all.getLast();
      long end = last.summary().end();
      if (!last.closed() && end + bytes <= last.header().limitBytes()) {
        boolean grows = end + bytes > last.fileBytes();
        if (grows && end + bytes - spaceCheckedAt > GROWTH_BETWEEN_CHECKS_BYTES) {
          parts.spares().checkReserve();
          spaceCheckedAt = end;
        }
        return last;
      }
    }
    return roll(bytes);
  }

  /** Begins a new segment and closes the one before it. */
  private Segment roll(long needed) throws IOException {
    List<Segment> all = lane.segments();
    long limit = limitFor(needed);
    SparePool.Spare spare = parts.spares().take(limit);
    boolean begun = false;
    try {
      Segment next = begin(spare, limit);
      begun = true;
      if (!all.isEmpty()) {
        all.getLast().supersede();
        writeIndexLater(all.getLast());
        parts.metrics().segmentsRolled.increment();
      }
      List<Segment> longer = new ArrayList<>(all);
      longer.add(next);
      lane.segments(longer);
      retireIndex(longer);
      spaceCheckedAt = 0;
      return next;
    } finally {
      if (!begun) {
        parts.spares().discard(spare.path());
      }
    }
  }

  private Segment begin(SparePool.Spare spare, long limit) throws IOException {
    List<Segment> all = lane.segments();
    SegmentHeader header =
        new SegmentHeader(
            all.isEmpty() ? 1 : all.getLast().sequence() + 1,
            parts.newEpoch(),
            parts.clock().millis(),
            all.isEmpty() ? 0 : all.getLast().summary().end(),
            limit,
            lane.stream(),
            lane.streamCreatedMillis());
    Block state = new Block().clear().add(0, lane.state().entry(header.createdMillis()));
    StorageFile file = parts.storage().open(spare.path(), true);
    boolean done = false;
    try {
      encoder.writeFirst(file, header, state);
      parts.storage().createDirectory(lane.directory());
      String path = Segment.path(lane.directory(), header.sequence());
      parts.storage().rename(spare.path(), path);
      // The old name goes first: a file under both names would be given out twice after a crash.
      parts.storage().syncDirectory(SparePool.DIRECTORY);
      parts.storage().syncDirectory(lane.directory());
      done = true;
    } finally {
      if (!done) {
        file.close();
      }
    }
    SegmentIndex index = new SegmentIndex();
    index.block(SegmentHeader.BYTES, -1, ShardSet.EMPTY);
    Segment segment =
        new Segment(header, lane.directory(), SegmentSummary.EMPTY, index, /* closed= */ false);
    segment.summary(
        SegmentSummary.EMPTY.with(
            state, SegmentHeader.BYTES, SegmentHeader.BYTES + AlignedBuffers.pad(state.length())));
    segment.fileBytes(spare.sizeBytes());
    parts.openFiles().add(segment, file);
    if (spare.sizeBytes() > 0) {
      parts.metrics().segmentsRecycled.increment();
    }
    return segment;
  }

  /** A power of two that covers the wanted time at the rate seen last, within the limits. */
  private long limitFor(long needed) {
    EngineSettings settings = parts.settings();
    long wanted = settings.minSegmentBytes();
    List<Segment> all = lane.segments();
    if (!all.isEmpty()) {
      Segment last = all.getLast();
      long millis = Math.max(1000, parts.clock().millis() - last.header().createdMillis());
      long perSecond = last.summary().end() * 1000 / millis;
      wanted = perSecond * settings.segmentSpan().toSeconds();
    }
    long most =
        Math.min(settings.maxSegmentBytes(), lane.retention().maxBytes() / SEGMENTS_PER_LIMIT);
    long limit = settings.minSegmentBytes();
    while (limit < Math.min(wanted, most)) {
      limit *= 2;
    }
    limit = Math.min(limit, Math.max(settings.maxSegmentBytes(), settings.minSegmentBytes()));
    long least = needed + SegmentHeader.BYTES + 2L * Storage.ALIGNMENT + stateBytes();
    while (limit < least) {
      limit *= 2;
    }
    return limit;
  }

  private long stateBytes() {
    return AlignedBuffers.pad(new Block().clear().add(0, lane.state().entry(0)).length());
  }

  /** Entries of the two newest segments stay with them; those of older ones go to the cache. */
  private void retireIndex(List<Segment> all) {
    if (all.size() > 2) {
      Segment older = all.get(all.size() - 3);
      SegmentIndex index = older.index();
      if (index != null) {
        parts.indexes().put(older, index);
        writeIndexNow(older);
        older.index(null);
      }
    }
  }

  /** Writes the side index now and then, so that recovery has little to scan. */
  void checkpoint(Segment segment) {
    if (segment.summary().end() - segment.indexedEnd() >= parts.settings().checkpointBytes()) {
      writeIndexLater(segment);
    }
  }

  private void writeIndexLater(Segment segment) {
    try {
      parts.readers().execute(() -> writeIndexNow(segment));
    } catch (RejectedExecutionException e) {
      writeIndexNow(segment);
    }
  }

  /** A side index can be rebuilt, so failing to write it is only counted. */
  private void writeIndexNow(Segment segment) {
    SegmentIndex entries = segment.index();
    if (entries == null) {
      return;
    }
    try {
      segment.writeIndex(parts.storage(), entries);
    } catch (IOException e) {
      parts.metrics().indexWritesFailed.increment();
    }
  }

  /** Leaves a segment after a failed write; the next commit begins another one. */
  void giveUp(Segment segment) {
    parts.metrics().segmentsDead.increment();
    segment.close();
    List<Segment> all = lane.segments();
    // With more than its first block it may be the only one that knows the lane's state.
    if (segment.summary().blocks() > 1 || all.size() < 2) {
      writeIndexLater(segment);
      return;
    }
    try {
      parts.storage().delete(segment.path());
    } catch (IOException e) {
      return;
    }
    // Its number is used again: the next segment takes the name, so this needs no sync.
    lane.segments(all.subList(0, all.size() - 1));
    segment.drop(() -> parts.openFiles().forget(segment));
  }

  /** Writes the side index of the open segment, at a clean end. */
  void finish() {
    List<Segment> all = lane.segments();
    all.subList(Math.max(0, all.size() - 2), all.size()).forEach(this::writeIndexNow);
  }

  /**
   * Drops what retention no longer keeps, and closes the open segment when it is old. Dropping
   * comes first: on a full disk it makes the room that the next segment needs.
   */
  void sweep() throws IOException {
    if (lane.failure() != null) {
      return;
    }
    long now = parts.clock().millis();
    dropTruncated();
    dropExpired(now);
    List<Segment> all = lane.segments();
    if (!all.isEmpty()
        && !all.getLast().closed()
        && all.getLast().summary().records() > 0
        && now - all.getLast().header().createdMillis() >= maxAgeMillis()) {
      roll(0);
      dropExpired(now);
    }
  }

  private void dropExpired(long now) throws IOException {
    Retention retention = lane.retention();
    while (lane.segments().size() > 1) {
      Segment oldest = lane.segments().getFirst();
      SegmentSummary summary = oldest.summary();
      long newest = summary.records() > 0 ? summary.maxArrival() : oldest.header().createdMillis();
      boolean tooOld = now - newest > retention.age().toMillis();
      if (!tooOld && lane.diskBytes() <= retention.maxBytes()) {
        return;
      }
      dropOldest();
    }
  }

  private long maxAgeMillis() {
    return Math.min(
        parts.settings().maxSegmentAge().toMillis(),
        Math.max(1, lane.retention().age().toMillis() / SEGMENTS_PER_LIMIT));
  }

  /** Drops segments that no shard can read any more, the open one as well. */
  void purge() throws IOException {
    dropTruncated();
    List<Segment> all = lane.segments();
    if (all.isEmpty()) {
      return;
    }
    Segment last = all.getLast();
    boolean large = last.summary().end() >= last.header().limitBytes() / PURGED_PART;
    if (large && !last.closed() && !isNeeded(last)) {
      try {
        roll(0);
      } catch (IOException e) {
        // The truncation holds; the space comes back when the segment is full.
        return;
      }
      dropTruncated();
    }
  }

  private void dropTruncated() throws IOException {
    while (lane.segments().size() > 1 && !isNeeded(lane.segments().getFirst())) {
      dropOldest();
    }
  }

  /**
   * Whether a shard may still read in a segment. What shards it has is asked of the segment: a
   * shard that nobody opened since the start is not known otherwise.
   */
  private boolean isNeeded(Segment segment) throws IOException {
    if (segment.summary().records() == 0) {
      return false;
    }
    SegmentIndex index = SegmentIndexes.of(segment, parts);
    ShardSet shards = index.shards();
    for (int i = 0; i < shards.size(); i++) {
      int number = shards.number(i);
      Position start = lane.shard(number).start();
      int sequence = RecordLayout.sequence(start);
      if (sequence < segment.sequence()
          || (sequence == segment.sequence()
              && index.holds(number, RecordLayout.offset(start))
              && start.compareTo(lane.shard(number).tail().end()) < 0)) {
        return true;
      }
    }
    return false;
  }

  /** Drops all segments and the directory. */
  void dropAll() throws IOException {
    while (!lane.segments().isEmpty()) {
      dropOldest();
    }
    for (String name : parts.storage().list(lane.directory())) {
      parts.storage().delete(lane.directory() + "/" + name);
    }
    parts.storage().deleteDirectory(lane.directory());
    parts.storage().createDirectory(LaneDirectory.PARENT);
    parts.storage().syncDirectory(LaneDirectory.PARENT);
  }

  /**
   * The name goes at once and durably, so that no later segment is ever gone while an earlier one
   * is there; the file is reused when its last reader is done.
   */
  private void dropOldest() throws IOException {
    List<Segment> all = lane.segments();
    Segment oldest = all.getFirst();
    oldest.close();
    String spare = parts.spares().newPath();
    parts.storage().rename(oldest.path(), spare);
    lane.segments(all.subList(1, all.size()));
    parts.indexes().forget(oldest);
    parts.history().forget(oldest);
    lane.tail().removeThrough(oldest.sequence());
    parts.metrics().segmentsDropped.increment();
    long bytes = oldest.fileBytes();
    boolean synced = false;
    try {
      oldest.deleteIndex(parts.storage());
      parts.storage().syncDirectory(lane.directory());
      parts.storage().syncDirectory(SparePool.DIRECTORY);
      synced = true;
    } finally {
      boolean reusable = synced;
      oldest.drop(
          () -> {
            parts.openFiles().forget(oldest);
            if (reusable) {
              parts.spares().give(new SparePool.Spare(spare, bytes));
            }
          });
    }
  }
}
