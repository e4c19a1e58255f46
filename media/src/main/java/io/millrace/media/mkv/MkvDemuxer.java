package io.millrace.media.mkv;

import io.millrace.media.ebml.EbmlReader;
import io.millrace.media.track.MediaException;
import java.nio.ByteBuffer;

/**
 * Push demuxer for Matroska and WebM bytes as they arrive. Tells a {@link MkvListener} where
 * headers, tags, clusters and frames lie, by absolute offset, so that the caller can cut the bytes
 * it received without this class keeping any. Not thread-safe; never blocks.
 */
public final class MkvDemuxer {
  private final EbmlReader reader;

  public MkvDemuxer(MkvSettings settings, MkvListener listener) {
    DemuxEvents events = new DemuxEvents(settings, listener);
    reader = new EbmlReader(settings.ebml(), MatroskaSchema.INSTANCE, events);
    events.attach(reader);
  }

  /**
   * Reads the bytes from position to limit and moves the position there. The buffer is borrowed.
   *
   * @throws MediaException if the bytes are malformed or over a limit; every later call repeats it
   */
  public void feed(ByteBuffer buffer) throws MediaException {
    reader.feed(buffer);
  }

  /**
   * The input is complete; ends an open Cluster or Segment of unknown size.
   *
   * @throws MediaException if the input stops inside an element
   */
  public void end() throws MediaException {
    reader.end();
  }

  /** Bytes consumed so far. */
  public long offset() {
    return reader.offset();
  }
}
