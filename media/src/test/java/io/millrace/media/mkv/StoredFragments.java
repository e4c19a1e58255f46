package io.millrace.media.mkv;

import io.millrace.media.track.MediaException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Cuts a recording into payloads the way ingest stores them: header part, then one Cluster. */
public final class StoredFragments implements MkvListener {
  private final byte[] file;
  private final List<ByteBuffer> payloads = new ArrayList<>();
  private int documentStart;
  private ByteBuffer headerPart = ByteBuffer.allocate(0);
  private int clusterStart;

  private StoredFragments(byte[] file) {
    this.file = file;
  }

  /** The payloads of a recording. */
  public static List<ByteBuffer> payloads(byte[] file) throws MediaException {
    StoredFragments cutter = new StoredFragments(file);
    MkvDemuxer demuxer = new MkvDemuxer(MkvSettings.LIVE, cutter);
    demuxer.feed(ByteBuffer.wrap(file));
    demuxer.end();
    return cutter.payloads;
  }

  /** The payloads of a recording, parsed. */
  public static List<MkvFragment> parsed(byte[] file) throws MediaException {
    List<MkvFragment> fragments = new ArrayList<>();
    for (ByteBuffer payload : payloads(file)) {
      fragments.add(MkvFragment.parse(payload));
    }
    return fragments;
  }

  @Override
  public void documentStart(long offset) {
    documentStart = (int) offset;
  }

  @Override
  public void header(MkvHeader header, long endOffset) {
    headerPart =
        MkvMuxer.withUnknownSegmentSize(
            ByteBuffer.wrap(file, documentStart, (int) endOffset - documentStart));
  }

  @Override
  public void clusterStart(long offset, long timecode, long timecodeNanos) {
    clusterStart = (int) offset;
  }

  @Override
  public void clusterEnd(long endOffset) {
    int clusterBytes = (int) endOffset - clusterStart;
    ByteBuffer payload = ByteBuffer.allocate(headerPart.remaining() + clusterBytes);
    payload.put(headerPart.duplicate()).put(file, clusterStart, clusterBytes);
    payloads.add(payload.flip());
  }
}
