package io.millrace.tests.kcl;

import io.millrace.tests.process.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process of the module {@code kcl-worker}. */
final class KclProcess implements AutoCloseable {
  private static final int LOG_LINES = 40;

  private final Process process;
  private final Path seen;
  private final Path log;

  private KclProcess(Process process, Path seen, Path log) {
    this.process = process;
    this.seen = seen;
    this.log = log;
  }

  /**
   * Starts a worker.
   *
   * @param folder where its files are made
   * @param mode {@code polling} or {@code fan-out}
   */
  static KclProcess start(
      Path folder, URI streams, URI tables, String stream, String worker, String mode) {
    Path seen = folder.resolve(worker + ".txt");
    Path log = folder.resolve(worker + ".log");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-Xmx192m",
            "-cp",
            classPath(),
            "io.millrace.tests.kcl.worker.KclWorker",
            streams.toString(),
            tables.toString(),
            stream,
            "app-" + stream,
            worker,
            mode,
            seen.toString());
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      return new KclProcess(process, seen, log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String classPath() {
    Path target = ServerProcess.projectRoot().resolve("media-tests/kcl-worker/target");
    try {
      return target.resolve("classes") + ":" + Files.readString(target.resolve("run.classpath"));
    } catch (IOException e) {
      throw new UncheckedIOException("media-tests/kcl-worker is not built", e);
    }
  }

  /** What it writes down. */
  Path seen() {
    return seen;
  }

  /** The end of what it logged. */
  String log() {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
    } catch (IOException e) {
      return "no log: " + e.getMessage();
    }
  }

  /** SIGKILL. */
  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
