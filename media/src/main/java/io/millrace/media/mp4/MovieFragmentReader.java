package io.millrace.media.mp4;

import io.millrace.media.track.MediaException;
import io.millrace.media.track.Track.TrackType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Appends the samples of every {@code moof} of a file to their tracks (ISO 14496-12 section 8.8).
 */
final class MovieFragmentReader {
  private static final int BASE_OFFSET = 0x1;
  private static final int DESCRIPTION_INDEX = 0x2;
  private static final int DEFAULT_DURATION = 0x8;
  private static final int DEFAULT_SIZE = 0x10;
  private static final int DEFAULT_FLAGS = 0x20;
  private static final int BASE_IS_MOOF = 0x2_0000;
  private static final int DATA_OFFSET = 0x1;
  private static final int FIRST_FLAGS = 0x4;
  private static final int DURATION = 0x100;
  private static final int SIZE = 0x200;
  private static final int FLAGS = 0x400;
  private static final int OFFSET = 0x800;
  private static final int NOT_SYNC = 0x1_0000;

  private final List<Mp4Track> tracks;
  private final Mp4Settings settings;
  private final long fileSize;
  private long moofOffset;
  private long samples;
  private long dataAt;
  private long base;
  private int duration;
  private int size;
  private int flags;

  /**
   * @param tracks those of moov, with the samples of its tables
   */
  MovieFragmentReader(List<Mp4Track> tracks, Mp4Settings settings, long fileSize) {
    this.tracks = tracks;
    this.settings = settings;
    this.fileSize = fileSize;
    samples = tracks.stream().mapToLong(track -> track.samples.size).sum();
  }

  /**
   * Reads one movie fragment.
   *
   * @param offset first byte of the box in the file
   */
  void read(BoxReader moof, long offset) throws MediaException {
    moofOffset = offset;
    dataAt = offset;
    for (BoxReader traf = moof.next(); traf != null; traf = moof.next()) {
      if (traf.type().equals("traf")) {
        trackFragment(traf);
      }
    }
  }

  private void trackFragment(BoxReader traf) throws MediaException {
    BoxReader tfhd = traf.again().find("tfhd");
    if (tfhd == null) {
      throw traf.malformed("box 'tfhd' is missing");
    }
    int head = tfhd.int32();
    Mp4Track track = track(tfhd.unsigned32());
    if (track == null) {
      throw tfhd.malformed("a movie fragment of a track that moov does not declare");
    }
    base = (head & BASE_OFFSET) != 0 ? tfhd.int64() : moofOffset;
    if ((head & (BASE_OFFSET | BASE_IS_MOOF)) == 0) {
      base = dataAt;
    }
    tfhd.skip((head & DESCRIPTION_INDEX) != 0 ? 4 : 0);
    duration = (head & DEFAULT_DURATION) != 0 ? tfhd.int32() : track.defaultDuration;
    size = (head & DEFAULT_SIZE) != 0 ? tfhd.int32() : track.defaultSize;
    flags = (head & DEFAULT_FLAGS) != 0 ? tfhd.int32() : track.defaultFlags;
    dataAt = base;
    for (BoxReader box = traf.next(); box != null; box = traf.next()) {
      if (box.type().equals("tfdt")) {
        int version = box.int32() >>> 24;
        track.nextDecode = box.versioned(version);
        if (track.nextDecode < 0 || track.nextDecode > Long.MAX_VALUE / 2) {
          throw box.malformed("decode time " + Long.toUnsignedString(track.nextDecode));
        }
      } else if (box.type().equals("trun")) {
        run(box, track);
      }
    }
  }

  private @Nullable Mp4Track track(long id) {
    for (Mp4Track track : tracks) {
      if (track.id == id) {
        return track;
      }
    }
    return null;
  }

  private void run(BoxReader trun, Mp4Track track) throws MediaException {
    int head = trun.int32() & 0xffffff;
    int entryBytes = 4 * Integer.bitCount(head & (DURATION | SIZE | FLAGS | OFFSET));
    int count = trun.count(entryBytes);
    if ((head & DATA_OFFSET) != 0) {
      dataAt = base + trun.int32();
    }
    int firstFlags = (head & FIRST_FLAGS) != 0 ? trun.int32() : flags;
    boolean wanted = track.track.type() != TrackType.OTHER;
    checkCount(trun, count);
    for (int i = 0; i < count; i++) {
      int ticks = (head & DURATION) != 0 ? trun.int32() : duration;
      int bytes = (head & SIZE) != 0 ? trun.int32() : size;
      int usual = i == 0 && (head & FIRST_FLAGS) != 0 ? firstFlags : flags;
      int sampleFlags = (head & FLAGS) != 0 ? trun.int32() : usual;
      int composition = (head & OFFSET) != 0 ? trun.int32() : 0;
      if (bytes < 0 || bytes > settings.maxSampleBytes() || ticks < 0) {
        throw trun.unsupported(
            "sample of %d bytes and %d ticks".formatted(bytes & 0xffffffffL, ticks));
      }
      if (wanted) {
        boolean sync = (sampleFlags & NOT_SYNC) == 0;
        track.samples.add(track.nextDecode, composition, ticks, dataAt, bytes, sync);
      }
      track.nextDecode += ticks;
      dataAt += bytes;
      if (dataAt > fileSize) {
        throw trun.malformed("samples lie beyond the end of the file");
      }
    }
  }

  /** Runs of samples without fields of their own cost a file nothing, so they are counted too. */
  private void checkCount(BoxReader trun, int count) throws MediaException {
    samples += count;
    if (samples > settings.maxSamples()) {
      throw trun.unsupported(
          "%d samples exceed the limit of %d".formatted(samples, settings.maxSamples()));
    }
  }
}
