package io.millrace.tests.load;

import io.millrace.media.mkv.FrameEvent;
import io.millrace.media.mkv.MkvDemuxer;
import io.millrace.media.mkv.MkvHeader;
import io.millrace.media.mkv.MkvListener;
import io.millrace.media.mkv.MkvSettings;
import io.millrace.media.track.Frame;
import io.millrace.media.track.MediaException;
import io.millrace.media.track.Track;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A Matroska file of one track.
 *
 * @param track its codec and setup
 * @param frames in the order of the file
 */
public record FilmFile(Track track, List<Frame> frames) {
  /** Reads all of it. */
  public static FilmFile read(Path file) throws IOException, MediaException {
    List<Track> tracks = new ArrayList<>();
    List<Frame> frames = new ArrayList<>();
    MkvDemuxer demuxer =
        new MkvDemuxer(
            MkvSettings.LIVE.withDeliveredBytes(Integer.MAX_VALUE),
            new MkvListener() {
              @Override
              public void header(MkvHeader header, long endOffset) {
                tracks.addAll(header.tracks());
              }

              @Override
              public void frame(FrameEvent frame) {
                ByteBuffer data = ByteBuffer.allocate(frame.data().remaining());
                data.put(frame.data().duplicate()).flip();
                frames.add(
                    new Frame(
                        frame.trackNumber(),
                        frame.ptsNanos(),
                        frame.durationNanos(),
                        frame.keyframe(),
                        data));
              }
            });
    demuxer.feed(ByteBuffer.wrap(Files.readAllBytes(file)));
    demuxer.end();
    return new FilmFile(tracks.getFirst(), frames);
  }
}
