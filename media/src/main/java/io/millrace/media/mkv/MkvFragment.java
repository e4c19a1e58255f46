package io.millrace.media.mkv;

import io.millrace.media.track.Frame;
import io.millrace.media.track.MalformedMedia;
import io.millrace.media.track.MediaException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One stored fragment: header part, Tags, one Cluster. Frames are views into the bytes it was
 * parsed from.
 *
 * @param header what stands before the Cluster
 * @param clusterTimecodeNanos timecode of the Cluster on the container's clock
 * @param frames in file order; their data are read-only slices
 * @param tags simple tags between the start and the Cluster, in order
 * @param headerEnd offset of the first Tags after the rest of the header, or of the Cluster
 * @param clusterStart offset of the Cluster
 */
public record MkvFragment(
    MkvHeader header,
    long clusterTimecodeNanos,
    List<Frame> frames,
    List<SimpleTag> tags,
    int headerEnd,
    int clusterStart) {

  private static final MkvSettings SETTINGS = MkvSettings.LIVE;

  public MkvFragment {
    frames = List.copyOf(frames);
    tags = List.copyOf(tags);
  }

  /**
   * Parses a stored payload from position to limit; offsets count from the position. The buffer is
   * borrowed and left as it was, but the frames keep it reachable.
   *
   * @throws MediaException if it is not a whole fragment
   */
  public static MkvFragment parse(ByteBuffer payload) throws MediaException {
    ByteBuffer bytes = payload.slice().asReadOnlyBuffer();
    Collector collector = new Collector(bytes);
    MkvDemuxer demuxer = new MkvDemuxer(SETTINGS, collector);
    demuxer.feed(bytes.duplicate());
    demuxer.end();
    return collector.fragment();
  }

  private static final class Collector implements MkvListener {
    private final ByteBuffer bytes;
    private final List<Frame> frames = new ArrayList<>();
    private final List<SimpleTag> tags = new ArrayList<>();
    private @Nullable MkvHeader header;
    private long timecodeNanos;
    private int documents;
    private int clusters;
    private int firstTags = -1;
    private int tagsEnd = -1;
    private int clusterStart;

    private Collector(ByteBuffer bytes) {
      this.bytes = bytes;
    }

    @Override
    public void documentStart(long offset) {
      documents++;
    }

    @Override
    public void tagsStart(long offset) {
      if (clusters == 0 && offset != tagsEnd) {
        firstTags = (int) offset;
      }
    }

    @Override
    public void tagsEnd(long endOffset, List<SimpleTag> found, boolean endOfFragment) {
      if (clusters == 0) {
        tagsEnd = (int) endOffset;
        tags.addAll(found);
      }
    }

    @Override
    public void header(MkvHeader found, long endOffset) {
      header = found;
      clusterStart = (int) endOffset;
    }

    @Override
    public void clusterStart(long offset, long timecode, long nanos) {
      clusters++;
      timecodeNanos = nanos;
    }

    @Override
    public void frame(FrameEvent frame) {
      frames.add(
          new Frame(
              frame.trackNumber(),
              frame.ptsNanos(),
              frame.durationNanos(),
              frame.keyframe(),
              bytes.slice((int) frame.dataOffset(), frame.sizeBytes())));
    }

    private MkvFragment fragment() throws MalformedMedia {
      MkvHeader known = header;
      if (known == null || documents != 1 || clusters != 1) {
        throw new MalformedMedia(
            "a fragment is one document with one Cluster, this has %d and %d"
                .formatted(documents, clusters),
            0,
            "");
      }
      int headerEnd = tagsEnd == clusterStart ? firstTags : clusterStart;
      return new MkvFragment(known, timecodeNanos, frames, tags, headerEnd, clusterStart);
    }
  }
}
