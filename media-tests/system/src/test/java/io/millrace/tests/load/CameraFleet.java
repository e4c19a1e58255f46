package io.millrace.tests.load;

import io.millrace.tests.process.ServerProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Any number of cameras sending at once to streams of their own. */
public final class CameraFleet implements AutoCloseable {
  private final AtomicBoolean stop = new AtomicBoolean();
  private final List<LoadCamera> cameras = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  /** Creates the streams and starts the cameras, spread over one second. */
  public static CameraFleet start(ServerProcess server, CameraClip clip, int count)
      throws InterruptedException {
    CameraFleet fleet = new CameraFleet();
    for (int i = 0; i < count; i++) {
      String stream = "load-%03d".formatted(i);
      createStream(server, stream);
      fleet.cameras.add(new LoadCamera(server.endpoint(), stream, clip, fleet.stop));
    }
    for (LoadCamera camera : fleet.cameras) {
      fleet.threads.add(Thread.ofVirtual().name(camera.stream()).start(camera));
      Thread.sleep(java.time.Duration.ofMillis(1000L / count));
    }
    return fleet;
  }

  /** Creates a stream with a day of retention unless it is there. */
  public static void createStream(ServerProcess server, String stream) {
    var reply =
        server.post(
            "/createStream",
            "{\"StreamName\":\"%s\",\"DataRetentionInHours\":24}".formatted(stream));
    if (reply.statusCode() != 200 && !reply.body().contains("exist")) {
      throw new IllegalStateException(reply.body());
    }
  }

  public List<LoadCamera> cameras() {
    return cameras;
  }

  /** Lets every camera finish its fragment and waits for its last ack. */
  @Override
  public void close() throws InterruptedException {
    stop.set(true);
    for (Thread thread : threads) {
      thread.join(20_000);
    }
  }

  /** Ack times of all cameras in milliseconds, ascending. */
  public List<Double> ackMillis() {
    return cameras.stream().flatMap(camera -> camera.ackMillis().stream()).sorted().toList();
  }

  /** Fragments sent whole but not acknowledged, as stream and timecode. */
  public List<String> missing() {
    List<String> missing = new ArrayList<>();
    for (LoadCamera camera : cameras) {
      for (long timecode : camera.sent()) {
        if (!camera.persisted().containsKey(timecode)) {
          missing.add(camera.stream() + "@" + timecode);
        }
      }
    }
    return missing;
  }
}
