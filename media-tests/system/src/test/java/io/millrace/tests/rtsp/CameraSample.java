package io.millrace.tests.rtsp;

import io.millrace.tests.process.Programs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Short clips as cameras make them: a keyframe each second, with or without sound. */
final class CameraSample {
  private CameraSample() {}

  /** H.264 with B-frames and AAC. */
  static Path h264(Path file, int seconds) {
    return write(file, seconds, List.of("-c:v", "libx264", "-preset", "veryfast"), true);
  }

  /** H.265 alone. */
  static Path h265(Path file, int seconds) {
    return write(
        file,
        seconds,
        List.of("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error"),
        false);
  }

  private static Path write(Path file, int seconds, List<String> codec, boolean sound) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "ffmpeg",
                "-nostdin",
                "-v",
                "error",
                "-y",
                "-f",
                "lavfi",
                "-i",
                "testsrc2=size=640x360:rate=25"));
    if (sound) {
      command.addAll(List.of("-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000"));
      command.addAll(List.of("-c:a", "aac", "-b:a", "96k"));
    }
    command.addAll(codec);
    command.addAll(
        List.of(
            "-t", Integer.toString(seconds), "-g", "25", "-pix_fmt", "yuv420p", file.toString()));
    Programs.run(command.toArray(String[]::new)).orThrow();
    return file;
  }
}
