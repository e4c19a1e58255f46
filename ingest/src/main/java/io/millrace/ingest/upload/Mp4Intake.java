package io.millrace.ingest.upload;

import io.millrace.ingest.fragmenter.Fragment;
import io.millrace.ingest.fragmenter.FragmentListener;
import io.millrace.media.mp4.ByteSource;
import io.millrace.media.mp4.Mp4Reader;
import io.millrace.media.mp4.Mp4Sample;
import io.millrace.media.mp4.Mp4Settings;
import io.millrace.media.track.Frame;
import io.millrace.media.track.MediaException;
import io.millrace.media.track.Track;
import io.millrace.media.track.Track.TrackType;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads a spooled MP4 file, a fragment at a time. Blocks: for worker threads only. */
final class Mp4Intake implements AutoCloseable {
  private final FileChannel file;
  private final Mp4Reader reader;
  private final FrameIntake frames;
  private final Set<Integer> kept;
  private final List<Fragment> complete = new ArrayList<>();
  private boolean ended;

  private Mp4Intake(FileChannel file, Mp4Reader reader, UploadPlace place) {
    this.file = file;
    this.reader = reader;
    List<Track> tracks =
        reader.tracks().stream().filter(track -> track.type() != TrackType.OTHER).toList();
    kept = tracks.stream().map(Track::number).collect(Collectors.toSet());
    frames =
        new FrameIntake(
            place.settings().gop(),
            place.startNanos(),
            place.arrivalNanos(),
            place.summary(),
            new FragmentListener() {
              @Override
              public void fragmentBegan(long timecode, long timecodeNanos) {}

              @Override
              public void fragmentCompleted(Fragment fragment) {
                complete.add(fragment);
              }
            });
    frames.begin(tracks);
  }

  /** What an intake needs to know of its upload. */
  record UploadPlace(
      UploadSettings settings, OptionalLong startNanos, long arrivalNanos, UploadSummary summary) {}

  /**
   * Opens a file and reads its index.
   *
   * @throws MediaException if it is no MP4 file that can be read
   * @throws io.millrace.ingest.fragmenter.FragmentRefused if no track of it can be kept
   */
  static Mp4Intake open(Path path, UploadPlace place) throws IOException, MediaException {
    FileChannel file = FileChannel.open(path, StandardOpenOption.READ);
    boolean opened = false;
    try {
      Mp4Reader reader = Mp4Reader.open(new FileSource(file), Mp4Settings.DEFAULT);
      Mp4Intake intake = new Mp4Intake(file, reader, place);
      opened = true;
      return intake;
    } finally {
      if (!opened) {
        file.close();
      }
    }
  }

  /** The next fragments; none at the end of the file. */
  List<Fragment> next() throws IOException, MediaException {
    while (complete.isEmpty() && !ended) {
      Mp4Sample sample = reader.next();
      if (sample == null) {
        ended = true;
        frames.end();
      } else if (kept.contains(sample.trackNumber())) {
        Frame frame = reader.read(sample);
        frames.add(
            frame.trackNumber(),
            frame.ptsNanos(),
            frame.durationNanos(),
            frame.keyframe(),
            frame.data());
      }
    }
    List<Fragment> batch = List.copyOf(complete);
    complete.clear();
    return batch;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private record FileSource(FileChannel file, long size) implements ByteSource {
    private FileSource(FileChannel file) throws IOException {
      this(file, file.size());
    }

    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
      long at = offset;
      while (target.hasRemaining()) {
        int n = file.read(target, at);
        if (n < 0) {
          throw new EOFException("the spooled file is shorter than it was");
        }
        at += n;
      }
    }
  }
}
