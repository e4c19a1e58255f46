package io.millrace.playback.clip;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the ffmpeg and ffprobe of the machine; tests that need them fail when they are missing. */
public final class FfmpegTool {
  private FfmpegTool() {}

  /** Output and complaints of one run. */
  public record Result(int status, byte[] output, String errors) {
    public String text() {
      return new String(output, StandardCharsets.UTF_8);
    }
  }

  /** Writes what a process reads on its standard input. */
  public interface Input {
    void writeTo(OutputStream out) throws IOException;
  }

  public static Result run(String tool, Input input, String... arguments) {
    List<String> command = new ArrayList<>(List.of(tool));
    command.addAll(Arrays.asList(arguments));
    Process process;
    try {
      process = new ProcessBuilder(command).start();
    } catch (IOException e) {
      throw new AssertionError(
          tool + " is needed by this test: install it, on Debian with: apt-get install ffmpeg", e);
    }
    StringBuilder errors = new StringBuilder();
    Thread errorReader = Thread.ofPlatform().start(() -> readErrors(process, errors));
    Thread writer = Thread.ofPlatform().start(() -> write(process, input));
    try (InputStream out = process.getInputStream()) {
      byte[] output = out.readAllBytes();
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(tool + " did not end: " + command);
      }
      errorReader.join();
      writer.join();
      return new Result(process.exitValue(), output, errors.toString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void write(Process process, Input input) {
    try (OutputStream out = process.getOutputStream()) {
      input.writeTo(out);
    } catch (IOException e) {
      process.destroy();
    }
  }

  private static void readErrors(Process process, StringBuilder errors) {
    try (InputStream in = process.getErrorStream()) {
      errors.append(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
