package io.millrace.ingest.fragmenter;

import io.millrace.media.ebml.EbmlWriter;
import io.millrace.media.mkv.ClusterWriter;
import io.millrace.media.mkv.MkvMuxer;
import io.millrace.media.mkv.SimpleTag;
import io.millrace.media.track.CodecPrivateData;
import io.millrace.media.track.Track;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Builds Matroska bodies for tests, element by element. */
public final class MkvSample {
  private static final long MILLI = 1_000_000;
  private static final int CLUSTER = 0x1F43B675;
  private static final int TIMECODE = 0xE7;
  private static final int SIMPLE_BLOCK = 0xA3;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** A body that declares this many tracks of an unknown codec, numbered from 1. */
  public static MkvSample withTracks(int count) {
    MkvSample sample = new MkvSample();
    List<Track> tracks =
        IntStream.rangeClosed(1, count)
            .mapToObj(
                number ->
                    new Track(
                        number,
                        number,
                        Track.TrackType.OTHER,
                        "",
                        "S_TEXT/UTF8",
                        CodecPrivateData.EMPTY,
                        0,
                        Optional.empty(),
                        Optional.empty()))
            .toList();
    return sample.add(MkvMuxer.header(tracks, MILLI, "test"));
  }

  /** Appends what a muxer made. */
  public MkvSample add(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    out.writeBytes(copy);
    return this;
  }

  /** A sized Cluster with a 10-byte frame of track 1 at each of these offsets. */
  public MkvSample cluster(long timecodeMillis, int... frameOffsetsMillis) {
    ClusterWriter cluster = new ClusterWriter(timecodeMillis * MILLI, MILLI, 1024);
    for (int offset : frameOffsetsMillis) {
      cluster.add(1, (timecodeMillis + offset) * MILLI, true, ByteBuffer.allocate(10));
    }
    return add(cluster.finish());
  }

  /** A Cluster of unknown size, with a frame of the given size for each of these tracks. */
  public MkvSample openCluster(long timecodeMillis, int frameBytes, int... tracks) {
    EbmlWriter cluster = new EbmlWriter(1024);
    cluster.unknownSize(CLUSTER, 1).integer(TIMECODE, timecodeMillis);
    for (int track : tracks) {
      cluster.head(SIMPLE_BLOCK, 4L + frameBytes);
      cluster.raw(ByteBuffer.wrap(new byte[] {(byte) (0x80 | track), 0, 0, (byte) 0x80}));
      cluster.raw(ByteBuffer.allocate(frameBytes));
    }
    return add(cluster.finish());
  }

  public MkvSample tag(String name, String value) {
    return add(MkvMuxer.tags(List.of(new SimpleTag(name, value))));
  }

  public MkvSample endOfFragment() {
    return tag(SimpleTag.END_OF_FRAGMENT, "");
  }

  public byte[] bytes() {
    return out.toByteArray();
  }

  public int size() {
    return out.size();
  }

  /** What a fragmenter made of a body. */
  static class Collected implements FragmentListener {
    final List<Long> began = new ArrayList<>();
    final List<Fragment> fragments = new ArrayList<>();

    @Override
    public void fragmentBegan(long timecode, long timecodeNanos) {
      began.add(timecode);
    }

    @Override
    public void fragmentCompleted(Fragment fragment) {
      fragments.add(fragment);
    }
  }
}
