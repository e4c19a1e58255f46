package io.millrace.media.mkv;

import io.millrace.media.track.MediaException;
import io.millrace.media.track.Track;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;

/** What the demuxer told, as text. */
public final class MkvDump implements MkvListener {
  private static final int SHOWN_FRAMES = 20;

  private final StringBuilder text = new StringBuilder();
  private final CRC32 frames = new CRC32();
  private final StringBuilder shown = new StringBuilder();
  private int count;

  private MkvDump() {}

  /** Feeds a demuxer with the pieces. */
  public static String of(Iterable<ByteBuffer> pieces, MkvSettings settings) throws MediaException {
    MkvDump dump = new MkvDump();
    MkvDemuxer demuxer = new MkvDemuxer(settings, dump);
    for (ByteBuffer piece : pieces) {
      demuxer.feed(piece);
    }
    demuxer.end();
    return dump.text.append("end %d%n".formatted(demuxer.offset())).toString();
  }

  private void line(String format, Object... values) {
    text.append(format.formatted(values)).append('\n');
  }

  @Override
  public void documentStart(long offset) {
    line("document %d", offset);
  }

  @Override
  public void header(MkvHeader header, long endOffset) {
    line(
        "header ends %d: %s, scale %d, duration %d",
        endOffset, header.docType(), header.timecodeScaleNanos(), header.durationNanos());
    for (Track track : header.tracks()) {
      line(
          "  track %d uid %d %s '%s' %s frame %d ns %s %s private %s",
          track.number(),
          track.uid(),
          track.type(),
          track.name(),
          track.codecId(),
          track.defaultDurationNanos(),
          track.video().map(Object::toString).orElse("-"),
          track.audio().map(Object::toString).orElse("-"),
          HexFormat.of().formatHex(track.codecPrivate().toByteArray()));
    }
  }

  @Override
  public void tagsStart(long offset) {
    line("tags %d", offset);
  }

  @Override
  public void tagsEnd(long endOffset, List<SimpleTag> tags, boolean endOfFragment) {
    for (SimpleTag tag : tags) {
      line("  %s = %s", tag.name(), tag.value());
    }
    line("tags end %d%s", endOffset, endOfFragment ? " end of fragment" : "");
  }

  @Override
  public void clusterStart(long offset, long timecode, long timecodeNanos) {
    line("cluster %d timecode %d = %d ns", offset, timecode, timecodeNanos);
    count = 0;
    frames.reset();
  }

  @Override
  public void frame(FrameEvent frame) {
    CRC32 data = new CRC32();
    data.update(frame.data().duplicate());
    // No format strings here: torture comes by millions of times.
    shown.setLength(0);
    shown.append("  frame track ").append(frame.trackNumber());
    shown.append(" pts ").append(frame.ptsNanos());
    shown.append(" duration ").append(frame.durationNanos());
    shown.append(frame.keyframe() ? " key" : "");
    shown.append(" element ").append(frame.elementOffset());
    shown.append(" data ").append(frame.dataOffset());
    shown.append(" size ").append(frame.sizeBytes());
    shown.append(" crc ").append(Long.toHexString(data.getValue())).append('\n');
    for (int i = 0; i < shown.length(); i++) {
      frames.update(shown.charAt(i));
    }
    if (++count <= SHOWN_FRAMES) {
      text.append(shown);
    }
  }

  @Override
  public void clusterEnd(long endOffset) {
    line("cluster end %d: %d frames, crc %08x", endOffset, count, frames.getValue());
  }

  @Override
  public void segmentEnd(long endOffset) {
    line("segment end %d", endOffset);
  }
}
