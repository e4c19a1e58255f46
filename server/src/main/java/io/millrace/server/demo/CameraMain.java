package io.millrace.server.demo;

import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_ERROR;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.List;

/** Child process of the demo: runs the cameras until its parent is gone. */
final class CameraMain {
  private static final int RETENTION_HOURS = 1;
  private static final int RETRY_MILLIS = 1000;

  private record Camera(String stream, String label, int hue, double toneHz) {}

  private static final List<Camera> CAMERAS =
      List.of(
          new Camera("front-door", "FRONT DOOR", 30, 880), new Camera("yard", "YARD", 200, 660));

  private CameraMain() {}

  /** The only argument is the server's address. */
  public static void main(String[] arguments) throws InterruptedException {
    URI endpoint = URI.create(arguments[0]);
    // The encoder warns of choices that are right for a demo.
    av_log_set_level(AV_LOG_ERROR);
    StreamSetup setup = new StreamSetup(HttpClient.newHttpClient(), endpoint);
    for (Camera camera : CAMERAS) {
      Thread.ofPlatform()
          .daemon()
          .name("camera-" + camera.stream)
          .start(() -> runForever(camera, setup, endpoint));
    }
    ProcessHandle.current().parent().ifPresent(parent -> parent.onExit().join());
  }

  private static void runForever(Camera camera, StreamSetup setup, URI endpoint) {
    try (SyntheticCamera source = new SyntheticCamera(camera.label, camera.hue, camera.toneHz)) {
      while (true) {
        try {
          setup.ensure(camera.stream, RETENTION_HOURS);
          try (PutMediaUpload upload = new PutMediaUpload(endpoint, camera.stream)) {
            source.send(upload);
          }
        } catch (IOException e) {
          System.err.println("camera " + camera.stream + ": " + e.getMessage() + "; trying again");
          Thread.sleep(RETRY_MILLIS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
