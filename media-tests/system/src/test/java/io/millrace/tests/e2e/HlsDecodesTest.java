package io.millrace.tests.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.tests.client.Ack;
import io.millrace.tests.client.HlsClient;
import io.millrace.tests.client.PutMediaSocket;
import io.millrace.tests.fixtures.Recordings;
import io.millrace.tests.load.CameraFleet;
import io.millrace.tests.process.Programs;
import io.millrace.tests.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ffmpeg decodes every HLS rendition without an error, to the very frames of the source. */
class HlsDecodesTest {
  private static final String RELATIVE_START = "1700000000";

  @TempDir static Path folder;
  private static ServerProcess server;

  @BeforeAll
  static void startServer() {
    server = ServerProcess.start(folder.resolve("data"));
  }

  @AfterAll
  static void stopServer() {
    assertThat(server.stop()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "KVSSINK_720P_BFRAMES, ABSOLUTE, v:0",
    "KVSSINK_360P_AAC, ABSOLUTE, v:0 a:0",
    "PRODUCER_C_RELATIVE, RELATIVE, v:0 a:0",
    "CLUSTERS, RELATIVE, v:0",
    "H264_AAC_LIVE, RELATIVE, v:0 a:0",
    "H264_OPEN_GOP, RELATIVE, v:0",
    "H264_VARIABLE_RATE, RELATIVE, v:0",
    "H265_AAC, RELATIVE, v:0 a:0",
  })
  void framesEqualTheSource(Recordings recording, String timecodes, String tracks)
      throws Exception {
    String stream = recording.name();
    CameraFleet.createStream(server, stream);
    byte[] body = recording.bytes();
    List<Ack> persisted = send(stream, body, timecodes);
    double start = timecodes.equals("RELATIVE") ? Double.parseDouble(RELATIVE_START) : 0;
    double first = persisted.getFirst().timecode() / 1000.0 + start;
    double last = persisted.getLast().timecode() / 1000.0 + start;

    HlsClient hls = HlsClient.onDemand(server, stream, first - 1, last + 1);
    assertThat(hls.mediaPlaylists()).hasSize(tracks.split(" ").length);
    Path source = folder.resolve(recording.fileName());
    Files.write(source, body);
    for (String track : tracks.split(" ")) {
      assertThat(Programs.frameMd5s(hls.master().toString(), track))
          .as(recording + " " + track)
          .isEqualTo(
              // clusters.mkv ends in the middle of an index element, which holds no picture.
              Programs.frameMd5s(
                  source.toString(), track, line -> line.startsWith("Truncating packet")));
    }
  }

  private static List<Ack> send(String stream, byte[] body, String timecodes)
      throws IOException, Exception {
    try (PutMediaSocket socket =
        timecodes.equals("RELATIVE")
            ? PutMediaSocket.relative(server.endpoint(), stream, RELATIVE_START)
            : PutMediaSocket.absolute(server.endpoint(), stream)) {
      socket.sendAll(body, 8192);
      socket.finish();
      assertThat(socket.ended().get(20, TimeUnit.SECONDS)).as("final chunk").isTrue();
      assertThat(socket.acks("ERROR")).isEmpty();
      assertThat(socket.chunkSizes()).allMatch(size -> size < 1024);
      return socket.acks("PERSISTED");
    }
  }
}
