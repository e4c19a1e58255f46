package io.millrace.playback.frame;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How a process of our own that uses libav is started: small, quick, and quiet when it dies. */
public final class WorkerCommand {
  private WorkerCommand() {}

  /**
   * The command line.
   *
   * @param main class with its main method, on our class path
   * @param heapBytes most memory of its heap
   * @param cacheDirectory where libav is unpacked once
   */
  public static List<String> of(
      Class<?> main, long heapBytes, Path cacheDirectory, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + heapBytes);
    command.addAll(
        List.of(
            "-Xss512k",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:ReservedCodeCacheSize=32m",
            "-XX:MaxDirectMemorySize=16m",
            "-XX:-UsePerfData",
            "-XX:-CreateCoredumpOnCrash",
            "-XX:+DisplayVMOutputToStderr",
            "-XX:ErrorFile=" + cacheDirectory.resolve("worker-crash.log"),
            "-Xshare:auto",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dorg.bytedeco.javacpp.nopointergc=true",
            "-Dorg.bytedeco.javacpp.cachedir=" + cacheDirectory,
            "-cp",
            System.getProperty("java.class.path"),
            main.getName()));
    command.addAll(List.of(arguments));
    return List.copyOf(command);
  }
}
