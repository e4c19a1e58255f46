package io.millrace.tests.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/** Runs the programs that tests hold us against: ffmpeg, ffprobe, fio, nginx. */
public final class Programs {
  /**
   * What a program left.
   *
   * @param status exit status
   * @param out standard output as text
   * @param err standard error as text
   */
  public record Result(int status, String out, String err) {
    /** Fails with everything the program said unless it ended well. */
    public Result orThrow() {
      if (status != 0) {
        throw new IllegalStateException("exit status " + status + "\n" + err);
      }
      return this;
    }
  }

  private Programs() {}

  /** Runs to the end; a missing program fails with how to get it. */
  public static Result run(String... command) {
    return run(new byte[0], command);
  }

  /** Runs to the end with bytes on standard input. */
  public static Result run(byte[] input, String... command) {
    try {
      Process process = new ProcessBuilder(command).start();
      CompletableFuture<String> err = slurp(process.getErrorStream());
      CompletableFuture<String> out = slurp(process.getInputStream());
      try (OutputStream in = process.getOutputStream()) {
        in.write(input);
      } catch (IOException e) {
        // A program that has seen enough closes its input; its status tells.
      }
      return new Result(process.waitFor(), out.join(), err.join());
    } catch (IOException e) {
      throw new UncheckedIOException(
          command[0] + " cannot run; ./millrace test installs what the tests need", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static CompletableFuture<String> slurp(InputStream in) {
    CompletableFuture<String> text = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try (in) {
                text.complete(new String(in.readAllBytes(), StandardCharsets.UTF_8));
              } catch (IOException e) {
                text.completeExceptionally(e);
              }
            });
    return text;
  }

  /** MD5 of each decoded frame of a track of a file or URL, in order; fails on any complaint. */
  public static List<String> frameMd5s(String input, String track) {
    return frameMd5s(input, track, complaint -> false);
  }

  /** The same for a file about whose container ffmpeg may complain. */
  public static List<String> frameMd5s(
      String input, String track, Predicate<String> harmlessComplaint) {
    Result result =
        run(
            "ffmpeg",
            "-nostdin",
            "-v",
            "error",
            "-xerror",
            "-i",
            input,
            "-map",
            "0:" + track,
            "-fps_mode",
            "passthrough",
            "-f",
            "framemd5",
            "-");
    if (result.status() != 0
        || !result.err().lines().allMatch(line -> line.isBlank() || harmlessComplaint.test(line))) {
      throw new IllegalStateException(input + ": " + result.err());
    }
    List<String> sums = new ArrayList<>();
    for (String line : result.out().split("\n")) {
      if (!line.isBlank() && !line.startsWith("#")) {
        sums.add(line.substring(line.lastIndexOf(',') + 1).trim());
      }
    }
    return sums;
  }

  /** A 1080p30 H.264 camera at about 4 Mbit/s with a keyframe each second, as Matroska. */
  public static void writeCameraClip(Path file, int seconds) {
    run(
            "ffmpeg",
            "-nostdin",
            "-v",
            "error",
            "-y",
            "-f",
            "lavfi",
            "-i",
            "testsrc2=size=1920x1080:rate=30,noise=alls=12:allf=t",
            "-t",
            Integer.toString(seconds),
            "-c:v",
            "libx264",
            "-preset",
            "veryfast",
            "-b:v",
            "4M",
            "-maxrate",
            "4M",
            "-bufsize",
            "4M",
            "-g",
            "30",
            "-keyint_min",
            "30",
            "-sc_threshold",
            "0",
            "-bf",
            "0",
            "-pix_fmt",
            "yuv420p",
            "-write_crc32",
            "0",
            "-cluster_time_limit",
            "1000",
            "-f",
            "matroska",
            file.toString())
        .orThrow();
  }
}
