package io.millrace.tests.webrtc;

import io.millrace.tests.process.Programs;
import io.millrace.tests.process.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.ffmpeg.ffmpeg;
import org.bytedeco.javacpp.Loader;

/** An ffmpeg recent enough to speak WHIP; the distribution's is not. */
public final class WhipProgram {
  private WhipProgram() {}

  /** 360p H.264 without B-frames at 30 pictures a second and 1 Mbit/s, and Opus. */
  static void writeClip(Path file, int seconds) {
    writeClip(file, seconds, "640x360", "1M");
  }

  /** H.264 without B-frames at 30 pictures a second, and Opus. */
  public static void writeClip(Path file, int seconds, String size, String bitRate) {
    Programs.run(
            "ffmpeg",
            "-nostdin",
            "-v",
            "error",
            "-y",
            "-f",
            "lavfi",
            "-i",
            "testsrc2=rate=30:size=" + size,
            "-f",
            "lavfi",
            "-i",
            "sine=frequency=440:sample_rate=48000",
            "-t",
            Integer.toString(seconds),
            "-c:v",
            "libx264",
            "-profile:v",
            "baseline",
            "-bf",
            "0",
            "-g",
            "30",
            "-preset",
            "ultrafast",
            "-b:v",
            bitRate,
            "-c:a",
            "libopus",
            "-ac",
            "2",
            "-b:a",
            "48k",
            file.toString())
        .orThrow();
  }

  /** Sends a clip in real time without another encoding. */
  static Process push(ServerProcess server, Path clip, String tracks, String stream, Path log) {
    return push(server, clip, 1, tracks, stream, log);
  }

  /**
   * Sends a clip some times over in real time without another encoding.
   *
   * @param times how often
   * @param tracks as ffmpeg's {@code -map} names them
   */
  public static Process push(
      ServerProcess server, Path clip, int times, String tracks, String stream, Path log) {
    return push(server.endpoint() + "/whip/" + stream, clip, times, tracks, log);
  }

  /** The same to a given address. */
  public static Process push(String url, Path clip, int times, String tracks, Path log) {
    Path program = Path.of(Loader.load(ffmpeg.class));
    List<String> command =
        List.of(
            program.toString(),
            "-nostdin",
            "-v",
            "error",
            "-re",
            "-stream_loop",
            Integer.toString(times - 1),
            "-i",
            clip.toString(),
            "-map",
            tracks,
            "-c",
            "copy",
            "-f",
            "whip",
            url);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("LD_LIBRARY_PATH", program.getParent().toString());
    try {
      return builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What it said. */
  static String log(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
