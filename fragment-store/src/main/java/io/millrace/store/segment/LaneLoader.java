package io.millrace.store.segment;

import io.millrace.store.StoreException;
import io.millrace.store.segment.file.CorruptSegmentException;
import io.millrace.store.segment.file.LaneState;
import io.millrace.store.segment.file.Segment;
import io.millrace.store.segment.file.SegmentCursor;
import io.millrace.store.segment.file.SegmentHeader;
import io.millrace.store.segment.file.SegmentIndex;
import io.millrace.store.segment.file.SegmentIndexFile;
import io.millrace.store.segment.file.SegmentRecovery;
import io.millrace.store.segment.file.SegmentSummary;
import io.millrace.store.segment.storage.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * Opens a lane: closed segments by their side indexes, the newest by a scan of what its side index
 * does not cover yet.
 */
final class LaneLoader {
  private final Lane lane;
  private final EngineParts parts;

  LaneLoader(Lane lane, EngineParts parts) {
    this.lane = lane;
    this.parts = parts;
  }

  /** Loads it. Damage stops the lane, not the engine. */
  void load() {
    try {
      List<Segment> segments = loadSegments();
      LaneState state = segments.isEmpty() ? LaneState.INITIAL : readState(segments.getLast());
      lane.restore(state, segments);
    } catch (IOException e) {
      parts.metrics().streamsStopped.increment();
      lane.failure(
          new StoreException(
              StoreException.Kind.IO,
              "stream %s is stopped: %s".formatted(lane.stream(), e.getMessage()),
              e));
    }
  }

  private List<Segment> loadSegments() throws IOException {
    NavigableSet<Integer> sequences = sequences();
    List<Segment> segments = new ArrayList<>();
    for (int sequence : sequences) {
      Integer next = sequences.higher(sequence);
      if (next != null && next != sequence + 1) {
        throw new IOException(
            "segment %d is missing in %s".formatted(sequence + 1, lane.directory()));
      }
      segments.add(next == null ? newest(sequence) : closed(sequence));
    }
    if (segments.size() > 1) {
      Segment previous = segments.get(segments.size() - 2);
      previous.index(SegmentIndexes.load(previous, parts));
    }
    return segments;
  }

  private NavigableSet<Integer> sequences() throws IOException {
    NavigableSet<Integer> sequences = new TreeSet<>();
    Set<Integer> indexed = new TreeSet<>();
    for (String name : parts.storage().list(lane.directory())) {
      if (name.matches("\\d{10}\\.seg")) {
        sequences.add(Integer.parseInt(name.substring(0, 10)));
      } else if (name.matches("\\d{10}\\.idx")) {
        indexed.add(Integer.parseInt(name.substring(0, 10)));
      } else if (name.endsWith(".tmp")) {
        parts.storage().delete(lane.directory() + "/" + name);
      }
    }
    for (int sequence : indexed) {
      if (!sequences.contains(sequence)) {
        parts.storage().delete(Segment.indexPath(lane.directory(), sequence));
      }
    }
    return sequences;
  }

  private Segment closed(int sequence) throws IOException {
    SegmentIndexFile known = SegmentIndexes.readHeader(lane.directory(), sequence, parts);
    if (known == null || !known.isFinal()) {
      Segment segment =
          new Segment(
              readHeader(sequence),
              lane.directory(),
              SegmentSummary.EMPTY,
              /* index= */ null,
              /* closed= */ true);
      var unused = SegmentIndexes.rebuild(segment, readHeader(sequence + 1).previousEnd(), parts);
      return segment;
    }
    SegmentHeader header =
        new SegmentHeader(
            sequence,
            known.epoch(),
            known.createdMillis(),
            0,
            known.limitBytes(),
            lane.stream(),
            lane.streamCreatedMillis());
    Segment segment =
        new Segment(
            header, lane.directory(), known.summary(), /* index= */ null, /* closed= */ true);
    segment.indexed(known.summary().end(), true);
    segment.fileBytes(parts.storage().sizeBytes(segment.path()));
    return segment;
  }

  private Segment newest(int sequence) throws IOException {
    SegmentHeader header = readHeader(sequence);
    SegmentSummary summary = SegmentSummary.EMPTY;
    SegmentIndex index = new SegmentIndex();
    SegmentIndexFile known = SegmentIndexes.readHeader(lane.directory(), sequence, parts);
    if (known != null && known.epoch() == header.epoch()) {
      SegmentIndex body = SegmentIndexes.readBody(lane.directory(), known, parts);
      if (body != null) {
        summary = known.summary();
        index = body;
      }
    }
    long indexedEnd = index.size() == 0 && summary.blocks() == 0 ? 0 : summary.end();
    if (known != null && known.isFinal()) {
      retractEnd(sequence);
      indexedEnd = 0;
    }
    Segment segment = new Segment(header, lane.directory(), summary, index, /* closed= */ false);
    SegmentSummary start = summary;
    SegmentIndex entries = index;
    ByteBuffer window = parts.readBuffers().take();
    try {
      parts
          .openFiles()
          .use(
              segment,
              file -> {
                SegmentRecovery recovery =
                    new SegmentRecovery(file, segment.path(), header, start, entries, window);
                segment.summary(recovery.newest());
                segment.fileBytes(file.sizeBytes());
                parts.metrics().tornBytesCut.add(recovery.tornBytes());
                return file;
              });
    } finally {
      parts.readBuffers().give(window);
    }
    segment.indexed(indexedEnd, false);
    if (segment.summary().blocks() == 0) {
      throw new CorruptSegmentException(
          segment.path(), SegmentHeader.BYTES, "the first block is damaged");
    }
    return segment;
  }

  /**
   * Removes a side index that says nothing follows, durably: the segment that came next was given
   * up empty, so this one is filled on, and the old word must not come back after a crash.
   */
  private void retractEnd(int sequence) throws IOException {
    parts.storage().delete(Segment.indexPath(lane.directory(), sequence));
    parts.storage().syncDirectory(lane.directory());
  }

  private SegmentHeader readHeader(int sequence) throws IOException {
    String path = Segment.path(lane.directory(), sequence);
    ByteBuffer window = parts.readBuffers().take();
    try (StorageFile file = parts.storage().open(path, false)) {
      window.limit(SegmentHeader.BYTES);
      file.read(window, 0);
      SegmentHeader header = SegmentHeader.decode(window.flip());
      if (header.sequence() != sequence
          || !header.stream().equals(lane.stream())
          || header.streamCreatedMillis() != lane.streamCreatedMillis()) {
        throw new CorruptSegmentException(
            path, 0, "it is segment %d of stream %s".formatted(header.sequence(), header.stream()));
      }
      return header;
    } catch (CorruptSegmentException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException(path + ": " + e.getMessage(), e);
    } finally {
      parts.readBuffers().give(window);
    }
  }

  private LaneState readState(Segment segment) throws IOException {
    ByteBuffer window = parts.readBuffers().take();
    try {
      return parts.openFiles().use(segment, file -> readState(segment, file, window));
    } finally {
      parts.readBuffers().give(window);
    }
  }

  private static LaneState readState(Segment segment, StorageFile file, ByteBuffer window)
      throws IOException {
    SegmentSummary summary = segment.summary();
    SegmentCursor cursor =
        new SegmentCursor(
            file,
            segment.sequence(),
            segment.header().epoch(),
            summary.stateOffset(),
            summary.end(),
            window);
    if (cursor.next(true) != SegmentCursor.Step.RECORD || cursor.head().kind() != LaneState.KIND) {
      throw new CorruptSegmentException(
          segment.path(), summary.stateOffset(), "no lane state: " + cursor.problem());
    }
    return LaneState.decode(ByteBuffer.wrap(cursor.payload()));
  }
}
