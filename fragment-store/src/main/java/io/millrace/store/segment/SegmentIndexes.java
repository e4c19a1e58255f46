package io.millrace.store.segment;

import io.millrace.store.segment.file.Segment;
import io.millrace.store.segment.file.SegmentIndex;
import io.millrace.store.segment.file.SegmentIndexFile;
import io.millrace.store.segment.file.SegmentRecovery;
import io.millrace.store.segment.file.SegmentSummary;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads side indexes, and builds those anew that are missing or damaged. */
final class SegmentIndexes {
  private SegmentIndexes() {}

  /** The header of a side index; null when there is none that is sound. */
  static @Nullable SegmentIndexFile readHeader(String directory, int sequence, EngineParts parts) {
    try {
      byte[] bytes =
          parts
              .storage()
              .readSide(Segment.indexPath(directory, sequence), 0, SegmentIndexFile.HEADER_BYTES);
      SegmentIndexFile header = SegmentIndexFile.decodeHeader(bytes);
      return header.sequence() == sequence ? header : null;
    } catch (IOException e) {
      return null;
    }
  }

  /** The entries behind a header; null when they are not sound. */
  static @Nullable SegmentIndex readBody(
      String directory, SegmentIndexFile header, EngineParts parts) {
    try {
      byte[] body =
          parts
              .storage()
              .readSide(
                  Segment.indexPath(directory, header.sequence()),
                  SegmentIndexFile.HEADER_BYTES,
                  (int) header.bodyBytes());
      return header.decodeBody(body);
    } catch (IOException e) {
      return null;
    }
  }

  /** The entries of an acquired segment, read when they are not in memory. */
  static SegmentIndex of(Segment segment, EngineParts parts) throws IOException {
    SegmentIndex index = segment.index();
    index = index == null ? parts.indexes().get(segment) : index;
    if (index == null) {
      index = load(segment, parts);
      parts.indexes().put(segment, index);
    }
    return index;
  }

  /** The entries of a closed segment, from its side index or else from the segment itself. */
  static SegmentIndex load(Segment segment, EngineParts parts) throws IOException {
    SegmentIndexFile header = readHeader(directory(segment), segment.sequence(), parts);
    SegmentIndex index = null;
    if (header != null
        && header.epoch() == segment.header().epoch()
        && header.summary().end() == segment.summary().end()) {
      index = readBody(directory(segment), header, parts);
    }
    return index == null ? rebuild(segment, segment.summary().end(), parts) : index;
  }

  /** Reads a closed segment whole, sets its summary and writes its side index. */
  static SegmentIndex rebuild(Segment segment, long end, EngineParts parts) throws IOException {
    parts.metrics().indexesRebuilt.increment();
    ByteBuffer window = parts.readBuffers().take();
    SegmentIndex index = new SegmentIndex();
    try {
      parts
          .openFiles()
          .use(
              segment,
              file -> {
                SegmentRecovery recovery =
                    new SegmentRecovery(
                        file,
                        segment.path(),
                        segment.header(),
                        SegmentSummary.EMPTY,
                        index,
                        window);
                segment.summary(recovery.closed(end));
                segment.fileBytes(file.sizeBytes());
                return file;
              });
    } finally {
      parts.readBuffers().give(window);
    }
    try {
      segment.writeIndex(parts.storage(), index);
    } catch (IOException e) {
      parts.metrics().indexWritesFailed.increment();
    }
    return index;
  }

  private static String directory(Segment segment) {
    String path = segment.path();
    return path.substring(0, path.lastIndexOf('/'));
  }
}
