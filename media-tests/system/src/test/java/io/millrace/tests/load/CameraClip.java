package io.millrace.tests.load;

import io.millrace.media.mkv.MkvDemuxer;
import io.millrace.media.mkv.MkvListener;
import io.millrace.media.mkv.MkvSettings;
import io.millrace.media.track.MediaException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A recording cut into its clusters, whose times can be set: what one camera sends again and again.
 *
 * @param header the document's header part
 * @param clusters each a sized Cluster with an 8-byte Timecode at {@link #TIMECODE_AT}
 */
public record CameraClip(ByteBuffer header, List<byte[]> clusters) {
  /** Offset of the timecode's 8 bytes in a cluster. */
  public static final int TIMECODE_AT = 14;

  private static final int CLUSTER_ID = 0x1F43B675;
  private static final long EIGHT_BYTE_SIZE = 1L << 56;
  private static final short TIMECODE_OF_8_BYTES = (short) 0xE788;

  /** Reads a Matroska file whose clusters are sized and begin with their Timecode. */
  public static CameraClip read(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    List<Integer> starts = new ArrayList<>();
    List<Integer> ends = new ArrayList<>();
    MkvListener listener =
        new MkvListener() {
          @Override
          public void clusterStart(long offset, long timecode, long nanos) {
            starts.add((int) offset);
          }

          @Override
          public void clusterEnd(long offset) {
            ends.add((int) offset);
          }
        };
    try {
      MkvDemuxer demuxer = new MkvDemuxer(MkvSettings.LIVE, listener);
      demuxer.feed(ByteBuffer.wrap(bytes));
      demuxer.end();
    } catch (MediaException e) {
      throw new IOException(e);
    }
    List<byte[]> clusters = new ArrayList<>();
    for (int i = 0; i < starts.size(); i++) {
      clusters.add(withWideTimecode(bytes, starts.get(i), ends.get(i)));
    }
    byte[] header = Arrays.copyOf(bytes, starts.getFirst());
    return new CameraClip(
        io.millrace.media.mkv.MkvMuxer.withUnknownSegmentSize(ByteBuffer.wrap(header)), clusters);
  }

  private static byte[] withWideTimecode(byte[] file, int start, int end) {
    int sizeAt = start + 4;
    int timecodeAt = sizeAt + vintLength(file[sizeAt]);
    if ((file[timecodeAt] & 0xFF) != 0xE7) {
      throw new IllegalArgumentException("a cluster that does not begin with its timecode");
    }
    int children = timecodeAt + 2 + (file[timecodeAt + 1] & 0x7F);
    ByteBuffer cluster = ByteBuffer.allocate(TIMECODE_AT + 8 + end - children);
    cluster
        .putInt(CLUSTER_ID)
        .putLong(EIGHT_BYTE_SIZE | (cluster.capacity() - 12))
        .putShort(TIMECODE_OF_8_BYTES)
        .putLong(0)
        .put(file, children, end - children);
    return cluster.array();
  }

  private static int vintLength(byte first) {
    return Integer.numberOfLeadingZeros(first & 0xFF) - 23;
  }

  /** A copy of a cluster with its timecode set, in ticks of the document (milliseconds). */
  public byte[] clusterAt(int index, long timecodeMillis) {
    byte[] cluster = clusters.get(index % clusters.size()).clone();
    ByteBuffer.wrap(cluster).putLong(TIMECODE_AT, timecodeMillis);
    return cluster;
  }
}
