package io.millrace.playback.clip;

import io.millrace.media.mkv.CaptureTraits;
import io.millrace.media.mkv.ClusterWriter;
import io.millrace.media.mkv.FragmentTraits;
import io.millrace.media.mkv.FrameEvent;
import io.millrace.media.mkv.MkvDemuxer;
import io.millrace.media.mkv.MkvHeader;
import io.millrace.media.mkv.MkvListener;
import io.millrace.media.mkv.MkvMuxer;
import io.millrace.media.mkv.MkvSettings;
import io.millrace.media.track.CodecPrivateData;
import io.millrace.media.track.Frame;
import io.millrace.media.track.MediaException;
import io.millrace.media.track.Track;
import io.millrace.media.track.Track.TrackType;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Coded video, and sound where there is any, ready to be stored as a camera would send it.
 *
 * @param tracks as the header declares them
 * @param frames in file order, times from 0
 */
public record Clip(List<Track> tracks, List<Frame> frames) {
  public static final long SECOND = 1_000_000_000L;
  private static final long SCALE = 1_000_000;

  /** What a producer would have sent as one fragment. */
  public record Fragment(
      long producerTimeNanos, long durationNanos, int formatId, int flags, ByteBuffer payload) {}

  public static Clip of(NumberedClip video) {
    Track track =
        new Track(
            1,
            1,
            Track.TrackType.VIDEO,
            "video",
            video.codecId(),
            CodecPrivateData.copyOf(video.codecPrivate()),
            0,
            Optional.of(new Track.VideoFormat(video.width(), video.height())),
            Optional.empty());
    List<Frame> frames =
        video.units().stream()
            .map(u -> new Frame(1, u.ptsNanos(), 0, u.keyframe(), ByteBuffer.wrap(u.data())))
            .toList();
    return new Clip(List.of(track), frames);
  }

  /** The frames of a Matroska file, times moved so that the earliest is 0. */
  public static Clip ofFile(byte[] file) {
    List<Track> tracks = new ArrayList<>();
    List<Frame> frames = new ArrayList<>();
    MkvListener listener =
        new MkvListener() {
          @Override
          public void header(MkvHeader header, long endOffset) {
            if (tracks.isEmpty()) {
              tracks.addAll(header.tracks());
            }
          }

          @Override
          public void frame(FrameEvent event) {
            ByteBuffer data = ByteBuffer.wrap(file, (int) event.dataOffset(), event.sizeBytes());
            frames.add(
                new Frame(
                    event.trackNumber(), event.ptsNanos(), 0, event.keyframe(), data.slice()));
          }
        };
    try {
      MkvDemuxer demuxer = new MkvDemuxer(MkvSettings.LIVE, listener);
      demuxer.feed(ByteBuffer.wrap(file));
      demuxer.end();
    } catch (MediaException e) {
      throw new AssertionError(e);
    }
    long first = frames.stream().mapToLong(Frame::ptsNanos).min().orElseThrow();
    return new Clip(
        tracks,
        frames.stream()
            .map(f -> new Frame(f.trackNumber(), f.ptsNanos() - first, 0, f.keyframe(), f.data()))
            .toList());
  }

  /** Adds a sine in AAC as track 2. */
  public Clip withTone(double seconds) {
    return with(
        ofFile(
            FfmpegTool.run(
                    "ffmpeg",
                    out -> {},
                    "-v",
                    "error",
                    "-f",
                    "lavfi",
                    "-i",
                    "sine=440:sample_rate=48000:duration=" + seconds,
                    "-c:a",
                    "aac",
                    "-b:a",
                    "64k",
                    "-f",
                    "matroska",
                    "-")
                .output()));
  }

  /** Adds the only track of another clip as track 2, interleaved at keyframes. */
  public Clip with(Clip tone) {
    Track audio = tone.tracks().getFirst();
    List<Track> all = new ArrayList<>(tracks());
    all.add(
        new Track(
            2,
            2,
            Track.TrackType.AUDIO,
            "audio",
            audio.codecId(),
            audio.codecPrivate(),
            0,
            Optional.empty(),
            audio.audio()));
    List<Frame> merged = new ArrayList<>();
    int next = 0;
    for (Frame frame : frames) {
      while (frame.keyframe()
          && next < tone.frames().size()
          && tone.frames().get(next).ptsNanos() < frame.ptsNanos()) {
        merged.add(sound(tone.frames().get(next++)));
      }
      merged.add(frame);
    }
    tone.frames().subList(next, tone.frames().size()).forEach(f -> merged.add(sound(f)));
    return new Clip(all, merged);
  }

  private static Frame sound(Frame frame) {
    return new Frame(2, frame.ptsNanos(), 0, true, frame.data());
  }

  public ByteBuffer header() {
    return MkvMuxer.header(tracks, SCALE, "clip");
  }

  /** One fragment per group of pictures. */
  public List<Fragment> fragments(long startNanos) {
    List<List<Frame>> groups = new ArrayList<>();
    for (Frame frame : frames) {
      if (groups.isEmpty() || (frame.trackNumber() == 1 && frame.keyframe() && hasVideo(groups))) {
        groups.add(new ArrayList<>());
      }
      groups.getLast().add(frame);
    }
    return groups.stream().map(group -> fragment(group, startNanos)).toList();
  }

  private static boolean hasVideo(List<List<Frame>> groups) {
    return groups.getLast().stream().anyMatch(frame -> frame.trackNumber() == 1);
  }

  private Fragment fragment(List<Frame> group, long startNanos) {
    long first = group.stream().mapToLong(Frame::ptsNanos).min().orElseThrow();
    ClusterWriter cluster = new ClusterWriter(startNanos + first, SCALE, 1 << 16);
    for (Frame frame : group) {
      cluster.add(
          frame.trackNumber(), startNanos + frame.ptsNanos(), frame.keyframe(), frame.data());
    }
    ByteBuffer payload = concat(List.of(header(), cluster.finish()));
    return new Fragment(
        startNanos + first,
        end(group) - first,
        FragmentTraits.formatId(tracks),
        new FragmentTraits(
                true,
                holds(group, TrackType.VIDEO),
                holds(group, TrackType.AUDIO),
                false,
                false,
                false,
                false,
                0,
                CaptureTraits.UNKNOWN)
            .flags(),
        payload);
  }

  private boolean holds(List<Frame> group, TrackType type) {
    return tracks.stream()
        .filter(track -> track.type() == type)
        .anyMatch(track -> group.stream().anyMatch(frame -> frame.trackNumber() == track.number()));
  }

  private static long end(List<Frame> group) {
    List<Long> times =
        group.stream()
            .filter(frame -> frame.trackNumber() == 1)
            .map(Frame::ptsNanos)
            .sorted(Comparator.naturalOrder())
            .toList();
    long step = times.size() > 1 ? times.get(1) - times.get(0) : 40_000_000;
    return times.getLast() + step;
  }

  /** The whole clip as one file, for tools to read. */
  public byte[] file() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(bytes(header()));
    for (Fragment fragment : fragments(0)) {
      byte[] all = bytes(fragment.payload());
      int header = header().remaining();
      out.write(all, header, all.length - header);
    }
    return out.toByteArray();
  }

  public static ByteBuffer concat(List<ByteBuffer> parts) {
    ByteBuffer all = ByteBuffer.allocate(parts.stream().mapToInt(ByteBuffer::remaining).sum());
    parts.forEach(part -> all.put(part.duplicate()));
    return all.flip();
  }

  public static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
