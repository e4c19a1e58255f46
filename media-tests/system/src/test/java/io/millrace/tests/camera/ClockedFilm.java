package io.millrace.tests.camera;

import io.millrace.media.track.MediaException;
import io.millrace.media.track.Track;
import io.millrace.server.demo.ClockCode;
import io.millrace.tests.load.FilmFile;
import io.millrace.tests.process.Programs;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;

/**
 * H.264 in decoding order, each picture with its capture time drawn in.
 *
 * @param track its codec and setup
 * @param frames in the order sent
 */
record ClockedFilm(Track track, List<Frame> frames) {
  /** Pictures from one keyframe to the next. */
  static final int GOP = 25;

  private static final int WIDTH = 480;
  private static final int HEIGHT = 280;
  private static final int DECLARED_MILLIS = 40;

  /** A frame, NAL units with 4-byte lengths, and when it was taken, epoch ms. */
  record Frame(long capturedMillis, boolean keyframe, byte[] data) {}

  /** Lets libx264 make one. */
  static ClockedFilm make(Path file, List<Long> capturedMillis, int bFrames)
      throws IOException, MediaException {
    int picture = WIDTH * HEIGHT * 3 / 2;
    byte[] raw = new byte[picture * capturedMillis.size()];
    for (int i = 0; i < capturedMillis.size(); i++) {
      draw(raw, i * picture, i, capturedMillis.get(i));
    }
    String options =
        "-v error -y -f rawvideo -pix_fmt yuv420p -s %dx%d -r 25 -i - -c:v libx264 -preset veryfast"
            + " -bf %d -g %d -keyint_min %d -sc_threshold 0 -f matroska %s";
    List<String> command = new ArrayList<>(List.of("ffmpeg"));
    command.addAll(List.of(options.formatted(WIDTH, HEIGHT, bFrames, GOP, GOP, file).split(" ")));
    Programs.run(raw, command.toArray(String[]::new)).orThrow();
    return read(file, capturedMillis);
  }

  private static void draw(byte[] raw, int at, int number, long millis) {
    Arrays.fill(raw, at, at + WIDTH * HEIGHT, (byte) (40 + number % 150));
    Arrays.fill(raw, at + WIDTH * HEIGHT, at + WIDTH * HEIGHT * 3 / 2, (byte) 128);
    long cells = ClockCode.cells(millis);
    int cellWidth = WIDTH / ClockCode.CELLS;
    for (int y = 0; y < HEIGHT / ClockCode.HEIGHT_PARTS; y++) {
      for (int x = 0; x < WIDTH; x++) {
        long bit = cells >>> (ClockCode.CELLS - 1 - x / cellWidth) & 1;
        raw[at + y * WIDTH + x] = (byte) (bit == 1 ? 235 : 16);
      }
    }
  }

  private static ClockedFilm read(Path file, List<Long> capturedMillis)
      throws IOException, MediaException {
    FilmFile film = FilmFile.read(file);
    List<Frame> frames = new ArrayList<>();
    for (var frame : film.frames()) {
      int number = (int) Math.round(frame.ptsNanos() / 1e6 / DECLARED_MILLIS);
      frames.add(new Frame(capturedMillis.get(number), frame.keyframe(), frame.data().array()));
    }
    return new ClockedFilm(film.track(), frames);
  }

  /** The time in a picture, epoch ms; -1 where none can be read. */
  static long read(byte[] jpeg) throws IOException {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(jpeg));
    int y = image.getHeight() / ClockCode.HEIGHT_PARTS / 2;
    long cells = 0;
    for (int i = 0; i < ClockCode.CELLS; i++) {
      int x = (2 * i + 1) * image.getWidth() / (2 * ClockCode.CELLS);
      cells = cells << 1 | ((image.getRGB(x, y) >> 8 & 0xff) > 127 ? 1 : 0);
    }
    return ClockCode.millis(cells);
  }
}
