package io.millrace.tests.cameras;

import io.millrace.tests.process.Programs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a camera sends, as a Matroska file: 640×360, 25 frames and one keyframe a second, a tone
 * beside it.
 */
final class CameraClip {
  private static final List<String> INPUTS =
      List.of(
          "-f",
          "lavfi",
          "-i",
          "testsrc2=size=640x360:rate=25",
          "-f",
          "lavfi",
          "-i",
          "sine=frequency=440:sample_rate=48000");

  private CameraClip() {}

  /** H.264 with B-frames, and AAC. */
  static Path h264AndAac(Path file, int seconds) {
    return write(file, seconds, "-c:v libx264 -preset veryfast -c:a aac -b:a 96k");
  }

  /** H.264 with B-frames, and G.711 A-law. */
  static Path h264AndAlaw(Path file, int seconds) {
    return write(file, seconds, "-c:v libx264 -preset veryfast -c:a pcm_alaw -ar 8000");
  }

  /** H.265 alone. */
  static Path h265(Path file, int seconds) {
    return write(file, seconds, "-an -c:v libx265 -preset ultrafast -x265-params log-level=error");
  }

  private static Path write(Path file, int seconds, String codecs) {
    List<String> command = new ArrayList<>(List.of("ffmpeg", "-nostdin", "-v", "error", "-y"));
    command.addAll(INPUTS);
    command.addAll(List.of(codecs.split(" ")));
    command.addAll(List.of("-g", "25", "-pix_fmt", "yuv420p", "-t", Integer.toString(seconds)));
    command.add(file.toString());
    Programs.run(command.toArray(String[]::new)).orThrow();
    return file;
  }

  /** MD5 of each decoded picture in order, whatever time it has. */
  static List<String> pictureMd5s(Path file) {
    return pictureMd5s("-i " + file, "");
  }

  /**
   * The same for what ffmpeg reads otherwise.
   *
   * @param input its options up to the input
   * @param options behind, such as where to end
   */
  static List<String> pictureMd5s(String input, String options) {
    return md5s(input, "-map 0:v:0 -vf setpts=N/25/TB -fps_mode passthrough " + options);
  }

  /** MD5 of each packet of sound as the container has it, in order. */
  static List<String> soundMd5s(Path file) {
    return md5s("-i " + file, "-map 0:a:0 -c copy");
  }

  private static List<String> md5s(String input, String options) {
    String command = "timeout 300 ffmpeg -nostdin -v error " + input + " " + options;
    return Programs.run((command.strip() + " -f framemd5 -").split(" "))
        .orThrow()
        .out()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.substring(line.lastIndexOf(',') + 1).strip())
        .toList();
  }
}
