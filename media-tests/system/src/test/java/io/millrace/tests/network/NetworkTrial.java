package io.millrace.tests.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.media.track.MediaException;
import io.millrace.tests.network.Accounting.Hole;
import io.millrace.tests.network.StoredFrames.Stored;
import io.millrace.tests.process.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A camera behind a network that loses, reorders and stalls, and that is switched off and on
 * meanwhile. What is missing afterwards must equal what the timeline says.
 */
public final class NetworkTrial {
  private static final int CALM_FRAMES = 15;
  private static final long UNDERWAY_MILLIS = 500;

  /**
   * As the server's: a clock that is set back, as when a camera that was ahead begins anew, lives
   * the same times twice, and no hole can be shown there.
   */
  private static final long CLOCK_OFF_NANOS = 0;

  private static final long NEW_CLOCK_OFF_NANOS = 1_500_000_000;

  /**
   * What befalls the camera.
   *
   * @param seconds that it plays in all, about
   * @param lossShare of the datagrams
   * @param jitterMillis most that one is delayed
   * @param outage of the network
   * @param away how long the camera is gone when it was unplugged
   */
  public record Weather(
      int seconds, double lossShare, long jitterMillis, Duration outage, Duration away) {}

  /** The weather of the trial, for so many seconds and what outage and absence take. */
  public static Weather lasting(int seconds) {
    return new Weather(seconds, 0.01, 200, Duration.ofSeconds(7), Duration.ofSeconds(5));
  }

  private NetworkTrial() {}

  /** Runs one camera without and one with B-frames; returns what came out for each. */
  public static List<Accounting.Report> run(Path folder, Weather weather, long seed)
      throws Exception {
    try (ServerProcess server = ServerProcess.start(folder.resolve("data"))) {
      List<CompletableFuture<Accounting.Report>> running = new ArrayList<>();
      for (int bFrames : List.of(0, 2)) {
        LoopedFilm film = LoopedFilm.make(folder.resolve("film" + bFrames + ".mkv"), bFrames);
        running.add(
            CompletableFuture.supplyAsync(
                () -> {
                  try {
                    return film(server, film, "film" + bFrames, weather, seed + bFrames);
                  } catch (IOException | MediaException | InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                },
                Thread::startVirtualThread));
      }
      return running.stream().map(CompletableFuture::join).toList();
    }
  }

  /** One camera from its beginning to its end. */
  static Accounting.Report film(
      ServerProcess server, LoopedFilm film, String stream, Weather weather, long seed)
      throws IOException, MediaException, InterruptedException {
    URI rtsp = URI.create(server.rtsp());
    Instant began = Instant.now();
    int part = (weather.seconds() * LoopedFilm.FRAMES_PER_SECOND - 4 * CALM_FRAMES) / 4;
    List<PushingCamera.Sent> sent;
    ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    try (LossyProxy proxy = new LossyProxy("127.0.0.1", rtsp.getPort(), seed);
        PushingCamera camera = new PushingCamera(film, "127.0.0.1", proxy.port(), stream, seed)) {
      camera.connect();
      camera.boot(CLOCK_OFF_NANOS);
      camera.play(CALM_FRAMES);
      proxy.weather(weather.lossShare(), weather.jitterMillis());
      camera.play(part);
      // The network goes down, and comes back while the camera plays on.
      proxy.down(true);
      clock.schedule(() -> proxy.down(false), weather.outage().toMillis(), TimeUnit.MILLISECONDS);
      camera.play(part + (int) (weather.outage().toMillis() / 40));
      // The camera begins anew while its session stays.
      camera.boot(NEW_CLOCK_OFF_NANOS);
      camera.play(part);
      // It is unplugged.
      proxy.cut();
      Thread.sleep(weather.away().toMillis());
      proxy.weather(0, 0);
      camera.connect();
      camera.boot(NEW_CLOCK_OFF_NANOS);
      camera.play(CALM_FRAMES);
      proxy.weather(weather.lossShare(), weather.jitterMillis());
      camera.play(part);
      proxy.weather(0, 0);
      camera.play(2 * CALM_FRAMES);
      sent = camera.sent();
      // What goes by TCP may overtake the last datagrams.
      Thread.sleep(UNDERWAY_MILLIS);
      camera.tearDown();
    } finally {
      clock.shutdownNow();
    }
    List<Stored> stored = StoredFrames.of(server, stream);
    return Accounting.of(sent, stored, holes(server, stream, began.minusSeconds(1), stored));
  }

  /** The holes between the first frame and the last. */
  private static List<Hole> holes(
      ServerProcess server, String stream, Instant from, List<Stored> stored) throws IOException {
    long last = stored.stream().mapToLong(Stored::nanos).max().orElseThrow();
    long first = stored.stream().mapToLong(Stored::nanos).min().orElseThrow();
    JsonNode timeline =
        new ObjectMapper()
            .readTree(
                server
                    .get(
                        "/v1/streams/%s/timeline?start=%s&end=%s"
                            .formatted(stream, instant(first), instant(last)))
                    .body());
    List<Hole> holes = new ArrayList<>();
    for (JsonNode gap : timeline.path("gaps")) {
      holes.add(
          new Hole(
              nanos(gap.path("start").asText()),
              nanos(gap.path("end").asText()),
              gap.path("reason").asText(),
              gap.path("detail").asText()));
    }
    return holes;
  }

  private static Instant instant(long nanos) {
    return Instant.ofEpochSecond(nanos / 1_000_000_000, nanos % 1_000_000_000);
  }

  private static long nanos(String text) {
    Instant at = Instant.parse(text);
    return at.getEpochSecond() * 1_000_000_000 + at.getNano();
  }
}
