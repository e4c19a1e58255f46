package io.millrace.tests.cameras;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.tests.client.PutMediaSocket;
import io.millrace.tests.load.CameraFleet;
import io.millrace.tests.process.Programs;
import io.millrace.tests.process.ServerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** After SIGKILL the timeline says that the server was not there, where somebody was sending. */
class KilledServerTest {
  private static final int CLIP_SECONDS = 15;
  private static final int CHUNK_BYTES = 65_536;

  @TempDir Path folder;

  @Test
  void theHoleIsTheServers() throws Exception {
    Path data = folder.resolve("data");
    Path clip = CameraClip.h264AndAac(folder.resolve("clip.mkv"), CLIP_SECONDS);
    byte[] film = Files.readAllBytes(clip);
    Instant killed;
    try (ServerProcess server = ServerProcess.start(data);
        PutMediaSocket producer = producer(server);
        Pusher camera = push(clip, server)) {
      SourcesApi streams = new SourcesApi(server);
      producer.sendAll(film, CHUNK_BYTES);
      String upload = "/v1/streams/film/media?create=true&start=" + Instant.now().minusSeconds(60);
      Programs.run("curl", "-fsS", "-T", clip.toString(), server.endpoint() + upload).orThrow();
      await().atMost(20, SECONDS).until(() -> streams.fragments("pushed") >= 2);
      await().atMost(20, SECONDS).until(() -> streams.fragments("put-media") >= 1);
      killed = Instant.now();
      server.kill();
      assertThat(camera.await()).as("the camera has noticed").isNotZero();
    }
    try (ServerProcess server = ServerProcess.start(data)) {
      SourcesApi streams = new SourcesApi(server);
      JsonNode open = lastGap(streams, "pushed");
      assertThat(open.path("reason").asText()).isEqualTo("server-stopped");
      assertThat(Instant.parse(open.path("start").asText()))
          .isBetween(killed.minusSeconds(5), killed.plusSeconds(1));
      assertThat(lastGap(streams, "put-media").path("reason").asText()).isEqualTo("server-stopped");
      assertThat(lastGap(streams, "film").path("reason").asText())
          .as("it had come whole")
          .isEqualTo("no-producer");
      int before = streams.fragments("pushed");
      Pusher camera = push(clip, server);
      try {
        await().atMost(20, SECONDS).until(() -> streams.fragments("pushed") >= before + 2);
      } finally {
        camera.close();
      }
      assertThat(streams.timeline("pushed").path("gaps"))
          .as("the camera is back")
          .anySatisfy(
              gap -> {
                assertThat(gap.path("reason").asText()).isEqualTo("server-stopped");
                assertThat(gap.path("start").asText()).isEqualTo(open.path("start").asText());
              });
    }
  }

  private static PutMediaSocket producer(ServerProcess server) throws Exception {
    CameraFleet.createStream(server, "put-media");
    String start = Long.toString(Instant.now().minusSeconds(CLIP_SECONDS).getEpochSecond());
    return PutMediaSocket.relative(server.endpoint(), "put-media", start);
  }

  private static Pusher push(Path clip, ServerProcess server) {
    return Pusher.start(
        clip, "-c copy -f rtsp -rtsp_transport tcp " + server.rtsp() + "/live/pushed");
  }

  private static JsonNode lastGap(SourcesApi streams, String stream) {
    JsonNode gaps = streams.timeline(stream).path("gaps");
    return gaps.path(gaps.size() - 1);
  }
}
