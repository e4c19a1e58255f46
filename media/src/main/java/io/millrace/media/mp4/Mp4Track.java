package io.millrace.media.mp4;

import io.millrace.media.track.MalformedMedia;
import io.millrace.media.track.MediaException;
import io.millrace.media.track.Track;
import io.millrace.media.track.Track.TrackType;
import org.jspecify.annotations.Nullable;

/** One track of an MP4 file with its samples and what moves its times. */
final class Mp4Track {
  /** About 146 years either way, so that sums of times cannot overflow. */
  private static final long MAX_SECONDS = 4_611_686_018L;

  final Track track;
  final long id;
  final Timescale scale;
  final SampleTable samples;

  /** Media time that is shown at zero. */
  private final long editStartTicks;

  private final long emptyEditNanos;

  /** Defaults of {@code trex}. */
  int defaultDuration;

  int defaultSize;
  int defaultFlags;

  /** Where decoding continues when a movie fragment does not say. */
  long nextDecode;

  private Mp4Track(
      Track track,
      long id,
      Timescale scale,
      SampleTable samples,
      long editStartTicks,
      long emptyEditNanos) {
    this.track = track;
    this.id = id;
    this.scale = scale;
    this.samples = samples;
    this.editStartTicks = editStartTicks;
    this.emptyEditNanos = emptyEditNanos;
  }

  /**
   * Reads a {@code trak}.
   *
   * @param movieScale timescale of {@code mvhd}, of the empty edits
   */
  static Mp4Track read(
      BoxReader trak, int number, Timescale movieScale, Mp4Settings settings, long fileSize)
      throws MediaException {
    BoxReader tkhd = require(trak, "tkhd");
    int version = tkhd.int32() >>> 24;
    tkhd.skip(version == 1 ? 16 : 8);
    long id = tkhd.unsigned32();
    BoxReader mdia = require(trak, "mdia");
    BoxReader mdhd = require(mdia, "mdhd");
    version = mdhd.int32() >>> 24;
    mdhd.skip(version == 1 ? 16 : 8);
    Timescale scale = timescale(mdhd);
    BoxReader hdlr = require(mdia, "hdlr");
    hdlr.skip(8);
    String handler = BoxReader.name(hdlr.int32());
    BoxReader stbl = require(require(mdia, "minf"), "stbl");
    Track track = SampleEntryReader.read(require(stbl, "stsd"), number, id, handler);
    SampleTable samples =
        track.type() == TrackType.OTHER
            ? new SampleTable()
            : new SampleTableReader(settings, fileSize).read(stbl.again());
    BoxReader edts = trak.again().find("edts");
    BoxReader elst = edts == null ? null : edts.find("elst");
    long[] edit = editList(elst, movieScale);
    Mp4Track read = new Mp4Track(track, id, scale, samples, edit[0], edit[1]);
    if (samples.size > 0) {
      int last = samples.size - 1;
      read.nextDecode = samples.decode[last] + samples.durations[last];
    }
    return read;
  }

  static Timescale timescale(BoxReader box) throws MediaException {
    long ticks = box.unsigned32();
    if (ticks < 1 || ticks > Integer.MAX_VALUE) {
      throw box.malformed("timescale " + ticks);
    }
    return new Timescale((int) ticks);
  }

  private static BoxReader require(BoxReader parent, String type) throws MediaException {
    BoxReader found = parent.again().find(type);
    if (found == null) {
      throw parent.malformed("box '" + type + "' is missing");
    }
    return found;
  }

  /** First shown media time in ticks, and the pause before it in nanoseconds. */
  private static long[] editList(@Nullable BoxReader elst, Timescale movieScale)
      throws MediaException {
    long[] edit = new long[2];
    if (elst == null) {
      return edit;
    }
    int version = elst.int32() >>> 24;
    int count = elst.count(version == 1 ? 20 : 12);
    boolean started = false;
    for (int i = 0; i < count; i++) {
      long duration = elst.versioned(version);
      long mediaTime = version == 1 ? elst.int64() : elst.int32();
      elst.skip(4);
      if (started) {
        throw elst.unsupported("an edit list of more than one part");
      }
      if (mediaTime < 0) {
        edit[1] += nanos(duration, movieScale, elst);
        if (edit[1] > MAX_SECONDS / 4 * 1_000_000_000) {
          throw elst.malformed("a pause of %d ns".formatted(edit[1]));
        }
      } else {
        edit[0] = mediaTime;
        started = true;
      }
    }
    return edit;
  }

  private static long nanos(long ticks, Timescale scale, BoxReader box) throws MalformedMedia {
    if (!within(ticks / scale.ticksPerSecond(), MAX_SECONDS / 4)) {
      throw box.malformed("a time of %d ticks".formatted(ticks));
    }
    return scale.nanos(ticks);
  }

  private static boolean within(long value, long limit) {
    return value <= limit && value >= -limit;
  }

  /** The sample at an index. */
  Mp4Sample sample(int i) throws MalformedMedia {
    long decode = nanos(samples.decode[i], i);
    long shown = nanos(samples.decode[i] - editStartTicks + samples.composition[i], i);
    return new Mp4Sample(
        track.number(),
        shown + emptyEditNanos,
        decode,
        scale.nanos(samples.durations[i]),
        samples.sync(i),
        samples.offsets[i],
        samples.sizeBytes(i));
  }

  /** Decode time by which samples of several tracks are merged. */
  long decodeNanos(int i) throws MalformedMedia {
    return nanos(samples.decode[i], i);
  }

  private long nanos(long ticks, int i) throws MalformedMedia {
    if (!within(ticks / scale.ticksPerSecond(), MAX_SECONDS / 2)) {
      throw new MalformedMedia(
          "sample %d of track %d at %d ticks".formatted(i, track.number(), ticks),
          samples.offsets[i],
          "");
    }
    return scale.nanos(ticks);
  }
}
