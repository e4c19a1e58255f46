package io.millrace.media.mp4;

import io.millrace.media.track.Frame;
import io.millrace.media.track.MalformedMedia;
import io.millrace.media.track.MediaException;
import io.millrace.media.track.Track;
import io.millrace.media.track.UnsupportedMedia;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads MP4 and QuickTime files, progressive (moov first or last) and fragmented. The index is read
 * when it is opened, frames when they are asked for. Composition offsets and an edit list of one
 * part, with a pause before it, are honoured. Not thread-safe.
 */
public final class Mp4Reader {
  private static final int HEAD = 8;
  private static final int LARGE_HEAD = 16;

  private final ByteSource source;
  private final Mp4Settings settings;
  private final List<Mp4Track> tracks = new ArrayList<>();
  private boolean movieRead;
  private @Nullable MovieFragmentReader fragments;
  private int[] cursors = new int[0];

  private Mp4Reader(ByteSource source, Mp4Settings settings) {
    this.source = source;
    this.settings = settings;
  }

  /**
   * Reads the index of a file.
   *
   * @throws MediaException if it is no MP4 file, damaged, or beyond a limit
   * @throws IOException if the source fails
   */
  public static Mp4Reader open(ByteSource source, Mp4Settings settings)
      throws MediaException, IOException {
    Mp4Reader reader = new Mp4Reader(source, settings);
    reader.readIndex();
    return reader;
  }

  /** Whether these first bytes of a file (8 or more) look like MP4 or QuickTime. */
  public static boolean looksLikeMp4(ByteBuffer start) {
    if (start.remaining() < HEAD) {
      return false;
    }
    return switch (BoxReader.name(start.getInt(start.position() + 4))) {
      case "ftyp", "styp", "moov", "moof", "mdat", "wide", "skip", "free" -> true;
      default -> false;
    };
  }

  private void readIndex() throws MediaException, IOException {
    long at = 0;
    int boxes = 0;
    while (source.size() - at >= HEAD) {
      if (++boxes > settings.maxBoxes()) {
        throw new UnsupportedMedia("more than %d boxes".formatted(boxes - 1), at, "");
      }
      ByteBuffer head = read(at, (int) Math.min(LARGE_HEAD, source.size() - at));
      long size = head.getInt() & 0xffffffffL;
      String type = BoxReader.name(head.getInt());
      int headBytes = HEAD;
      if (size == 1 && head.remaining() == 8) {
        size = head.getLong();
        headBytes = LARGE_HEAD;
      } else if (size == 0) {
        size = source.size() - at;
      }
      if (size < headBytes || size > source.size() - at) {
        throw new MalformedMedia(
            "box '%s' of %s bytes in a file of %d"
                .formatted(type, Long.toUnsignedString(size), source.size()),
            at,
            type);
      }
      if (type.equals("moov") || type.equals("moof")) {
        index(type, at, headBytes, size);
      }
      at += size;
    }
    if (!movieRead) {
      throw new MalformedMedia("no moov box, so no MP4 file that can be read", at, "");
    }
    cursors = new int[tracks.size()];
  }

  private void index(String type, long at, int headBytes, long size)
      throws MediaException, IOException {
    if (size > settings.maxIndexBytes()) {
      throw new UnsupportedMedia(
          "%s of %d bytes exceeds the limit of %d".formatted(type, size, settings.maxIndexBytes()),
          at,
          type);
    }
    ByteBuffer content = read(at + headBytes, (int) size - headBytes);
    BoxReader box = new BoxReader(content, at + headBytes, type, type);
    if (type.equals("moof")) {
      if (!movieRead) {
        throw new MalformedMedia("moof before moov", at, type);
      }
      if (fragments == null) {
        fragments = new MovieFragmentReader(tracks, settings, source.size());
      }
      fragments.read(box, at);
    } else if (!movieRead) {
      readMovie(box);
    }
  }

  private void readMovie(BoxReader moov) throws MediaException {
    movieRead = true;
    BoxReader mvhd = moov.find("mvhd");
    if (mvhd == null) {
      throw moov.malformed("box 'mvhd' is missing");
    }
    int version = mvhd.int32() >>> 24;
    mvhd.skip(version == 1 ? 16 : 8);
    Timescale movieScale = Mp4Track.timescale(mvhd);
    BoxReader all = moov.again();
    long samples = 0;
    for (BoxReader box = all.next(); box != null; box = all.next()) {
      if (box.type().equals("trak")) {
        if (tracks.size() == settings.maxTracks()) {
          throw box.unsupported("more than %d tracks".formatted(settings.maxTracks()));
        }
        Mp4Track track = Mp4Track.read(box, tracks.size() + 1, movieScale, settings, source.size());
        samples += track.samples.size;
        if (samples > settings.maxSamples()) {
          throw box.unsupported(
              "%d samples exceed the limit of %d".formatted(samples, settings.maxSamples()));
        }
        tracks.add(track);
      }
    }
    BoxReader mvex = moov.again().find("mvex");
    if (mvex != null) {
      readDefaults(mvex);
    }
  }

  private void readDefaults(BoxReader mvex) throws MediaException {
    for (BoxReader trex = mvex.next(); trex != null; trex = mvex.next()) {
      if (!trex.type().equals("trex")) {
        continue;
      }
      trex.skip(4);
      long id = trex.unsigned32();
      trex.skip(4);
      for (Mp4Track track : tracks) {
        if (track.id == id) {
          track.defaultDuration = trex.int32();
          track.defaultSize = trex.int32();
          track.defaultFlags = trex.int32();
          break;
        }
      }
    }
  }

  /** Tracks in file order; those of type OTHER have no samples here. */
  public List<Track> tracks() {
    return tracks.stream().map(track -> track.track).toList();
  }

  /** Samples of all tracks together. */
  public int sampleCount() {
    return tracks.stream().mapToInt(track -> track.samples.size).sum();
  }

  /**
   * The next sample of all tracks by decode time; null after the last.
   *
   * @throws MalformedMedia if its time or place cannot be true
   */
  public @Nullable Mp4Sample next() throws MalformedMedia {
    int best = -1;
    long bestNanos = Long.MAX_VALUE;
    for (int i = 0; i < cursors.length; i++) {
      Mp4Track track = tracks.get(i);
      if (cursors[i] < track.samples.size) {
        long nanos = track.decodeNanos(cursors[i]);
        if (nanos < bestNanos) {
          best = i;
          bestNanos = nanos;
        }
      }
    }
    if (best < 0) {
      return null;
    }
    Mp4Sample sample = tracks.get(best).sample(cursors[best]++);
    if (sample.offset() < 0 || sample.offset() > source.size() - sample.sizeBytes()) {
      throw new MalformedMedia(
          "sample of %d bytes of track %d lies beyond the end of the file"
              .formatted(sample.sizeBytes(), sample.trackNumber()),
          sample.offset(),
          "");
    }
    return sample;
  }

  /**
   * Reads the bytes of a sample.
   *
   * @return a frame whose data is a new buffer
   * @throws IOException if the source fails
   */
  public Frame read(Mp4Sample sample) throws IOException {
    return new Frame(
        sample.trackNumber(),
        sample.ptsNanos(),
        sample.durationNanos(),
        sample.keyframe(),
        read(sample.offset(), sample.sizeBytes()).asReadOnlyBuffer());
  }

  private ByteBuffer read(long offset, int bytes) throws IOException {
    ByteBuffer target = ByteBuffer.allocate(bytes);
    source.read(offset, target);
    return target.flip();
  }
}
