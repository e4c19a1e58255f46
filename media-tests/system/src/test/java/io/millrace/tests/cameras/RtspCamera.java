package io.millrace.tests.cameras;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.tests.process.Programs;
import io.millrace.tests.process.ServerProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A camera to pull from, GStreamer's RTSP server in a process of its own: each client gets the clip
 * from its beginning, at its pace, and a BYE at its end.
 */
final class RtspCamera implements AutoCloseable {
  private static final String PYTHON = "/usr/bin/python3";
  private static final String SCRIPT =
      "media-tests/system/src/test/resources/cameras/rtsp_camera.py";
  private static final String ANNOUNCED = "camera ";

  private final Process process;
  private final int port;

  private RtspCamera(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Skips the test where GStreamer's RTSP server is not installed. */
  static void assumeInstalled() {
    String check = "import gi; gi.require_version('GstRtspServer', '1.0')";
    boolean installed =
        Programs.run("sh", "-c", PYTHON + " -c \"" + check + "\" && gst-inspect-1.0 rtph264pay")
                .status()
            == 0;
    assumeTrue(
        installed,
        "GStreamer's RTSP server is not installed (python3-gi, gir1.2-gst-rtsp-server-1.0,"
            + " gstreamer1.0-plugins-good, -bad, -ugly)");
  }

  /** H.264 and AAC of a Matroska file. */
  static String h264AndAac(Path clip) {
    return pipeline(clip, "h264parse ! rtph264pay", "aacparse ! rtpmp4gpay");
  }

  /** H.265 of a Matroska file. */
  static String h265(Path clip) {
    return "( filesrc location=%s ! matroskademux ! h265parse ! rtph265pay name=pay0 pt=96 )"
        .formatted(clip);
  }

  /** H.264 and G.711 A-law of a Matroska file. */
  static String h264AndAlaw(Path clip) {
    return pipeline(clip, "h264parse ! rtph264pay", "rtppcmapay");
  }

  private static String pipeline(Path clip, String video, String sound) {
    return ("( filesrc location=%s ! matroskademux name=clip"
            + " clip. ! queue ! %s name=pay0 pt=96 clip. ! queue ! %s name=pay1 pt=%d )")
        .formatted(clip, video, sound, sound.contains("pcma") ? 8 : 97);
  }

  /**
   * Starts one.
   *
   * @param port 0 takes a free one
   * @param credentials user and password, or nothing
   */
  static RtspCamera start(int port, String pipeline, String... credentials) {
    List<String> command = new ArrayList<>(List.of(PYTHON));
    command.add(ServerProcess.projectRoot().resolve(SCRIPT).toString());
    command.addAll(List.of(Integer.toString(port), pipeline));
    command.addAll(List.of(credentials));
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      String line = reader.readLine();
      if (line == null || !line.startsWith(ANNOUNCED)) {
        process.destroyForcibly();
        throw new IllegalStateException("the camera did not start: " + line);
      }
      return new RtspCamera(process, Integer.parseInt(line.substring(ANNOUNCED.length()).strip()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return port;
  }

  /** Where it is pulled from, without credentials. */
  String url() {
    return "rtsp://127.0.0.1:" + port + "/cam";
  }

  /** kill -9. */
  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
