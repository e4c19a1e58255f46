package io.millrace.server.demo;

import io.millrace.server.config.StartFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The synthetic cameras as a process of their own, so that they cost the server nothing. */
public final class CameraProcess implements AutoCloseable {
  private final Process process;

  private CameraProcess(Process process) {
    this.process = process;
  }

  /**
   * Starts two cameras that send to a server.
   *
   * @param endpoint where the server listens, no trailing slash
   * @param nativeCache folder into which native libraries may be unpacked
   */
  public static CameraProcess start(String endpoint, Path nativeCache) {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx96m",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dorg.bytedeco.javacpp.cachedir=" + nativeCache,
            "-cp",
            System.getProperty("java.class.path"),
            CameraMain.class.getName(),
            endpoint);
    try {
      return new CameraProcess(
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start());
    } catch (IOException e) {
      throw new StartFailure("cannot start the synthetic cameras: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    process.destroy();
  }
}
