package io.millrace.tests.cameras;

import io.millrace.tests.process.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** ffmpeg as an encoder that sends a clip at its pace, or serves it. */
final class Pusher implements AutoCloseable {
  private final Process process;

  private Pusher(Process process) {
    this.process = process;
  }

  /**
   * Sends a clip once, without encoding it anew.
   *
   * @param options of the output, with its address
   */
  static Pusher start(Path clip, String options) {
    List<String> command =
        new ArrayList<>(List.of("ffmpeg", "-nostdin", "-v", "error", "-re", "-i", clip.toString()));
    command.addAll(List.of(options.split(" ")));
    return start(command);
  }

  /**
   * GStreamer's encoder sends the pictures and the AAC of a clip once, over TCP. At the end it
   * sometimes waits for itself, whatever the server answers.
   */
  static Pusher gstreamer(Path clip, String url) {
    String pipeline =
        "gst-launch-1.0 -q rtspclientsink name=sink protocols=tcp location=%s filesrc location=%s"
            + " ! matroskademux name=clip clip. ! queue ! h264parse ! sink."
            + " clip. ! queue ! aacparse ! sink.";
    return start(List.of(pipeline.formatted(url, clip).split(" ")));
  }

  private static Pusher start(List<String> command) {
    try {
      return new Pusher(
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A port that was free a moment ago. */
  static int port() {
    return ServerProcess.freePort();
  }

  /** Whether something listens there over TCP; the listener sees a client come and go. */
  static boolean isOpen(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 200);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  int await() {
    return process.onExit().join().exitValue();
  }

  /** Waits for its end, but not longer than this. */
  void await(Duration most) throws InterruptedException {
    if (!process.waitFor(most)) {
      close();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
