package io.millrace.tests.network;

import io.millrace.media.bits.NalUnits;
import io.millrace.media.h264.AvcConfig;
import io.millrace.media.track.MediaException;
import io.millrace.media.track.Track;
import io.millrace.tests.load.FilmFile;
import io.millrace.tests.process.Programs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * H.264 of any length out of a short clip: no two frames are equal, since each carries its number
 * in a message of user data (SEI).
 *
 * @param track its codec and setup
 * @param clip frames of one round in the order sent
 */
record LoopedFilm(Track track, List<Frame> clip) {
  static final int FRAMES_PER_SECOND = 25;
  static final long INTERVAL_NANOS = 1_000_000_000L / FRAMES_PER_SECOND;
  private static final int CLIP_SECONDS = 4;
  private static final int SEI = 6;
  private static final int USER_DATA = 5;
  private static final int UUID_BYTES = 16;

  /**
   * A frame, NAL units with 4-byte lengths.
   *
   * @param position in the order shown, from 0
   */
  record Frame(int position, boolean keyframe, byte[] data) {}

  /** Lets libx264 make one, with a keyframe each second. */
  static LoopedFilm make(Path file, int bFrames) throws IOException, MediaException {
    String command =
        "ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=size=640x360:rate=%d -t %d -c:v libx264"
            + " -preset veryfast -bf %d -g %d -sc_threshold 0 -pix_fmt yuv420p %s";
    Programs.run(
            command
                .formatted(FRAMES_PER_SECOND, CLIP_SECONDS, bFrames, FRAMES_PER_SECOND, file)
                .split(" "))
        .orThrow();
    return read(file);
  }

  private static LoopedFilm read(Path file) throws IOException, MediaException {
    FilmFile film = FilmFile.read(file);
    List<Frame> frames = new ArrayList<>();
    for (var frame : film.frames()) {
      int position = (int) Math.round((double) frame.ptsNanos() / INTERVAL_NANOS);
      frames.add(new Frame(position, frame.keyframe(), frame.data().array()));
    }
    return new LoopedFilm(film.track(), frames);
  }

  /** A frame of the film without end, in the order sent, from 0. */
  Frame frame(int number) throws MediaException {
    Frame in = clip.get(number % clip.size());
    List<ByteBuffer> head = new ArrayList<>();
    if (in.keyframe()) {
      AvcConfig config = AvcConfig.parse(track.codecPrivate().view());
      head.addAll(config.sps());
      head.addAll(config.pps());
    }
    head.add(mark(number));
    ByteBuffer before = NalUnits.joinLengthPrefixed(head);
    byte[] whole =
        ByteBuffer.allocate(before.remaining() + in.data().length)
            .put(before)
            .put(in.data())
            .array();
    return new Frame(in.position() + number / clip.size() * clip.size(), in.keyframe(), whole);
  }

  private static ByteBuffer mark(int number) {
    byte[] words = "%08d".formatted(number).getBytes(StandardCharsets.US_ASCII);
    ByteBuffer unit = ByteBuffer.allocate(3 + UUID_BYTES + words.length + 1);
    unit.put((byte) SEI).put((byte) USER_DATA).put((byte) (UUID_BYTES + words.length));
    unit.put("millrace network".getBytes(StandardCharsets.US_ASCII)).put(words).put((byte) 0x80);
    return unit.flip();
  }
}
