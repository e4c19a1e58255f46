package io.millrace.tests.rtsp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.tests.client.RtspTalk;
import io.millrace.tests.process.ProcessUsage;
import io.millrace.tests.process.Programs;
import io.millrace.tests.process.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The listener's limits, at each and one beyond. */
class RtspLimitsTest {
  private static final int CONNECTIONS = 4;
  private static final int SESSIONS = 2;
  private static final String OPTIONS = "OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n";
  private static final long MEGABYTE = 1 << 20;

  @TempDir static Path folder;
  private static ServerProcess server;

  @BeforeAll
  static void start() {
    server =
        ServerProcess.start(
            folder.resolve("data"),
            "--set",
            "rtsp.user=camera",
            "--set",
            "rtsp.password=secret",
            "--set",
            "rtsp.session-timeout=3s",
            "--set",
            "rtsp.max-connections=" + CONNECTIONS,
            "--set",
            "rtsp.max-sessions=" + SESSIONS);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static RtspTalk client() throws IOException {
    return new RtspTalk(URI.create(server.rtsp()));
  }

  private static String announce(RtspTalk client, String stream) throws IOException {
    String sdp =
        "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\n"
            + "a=rtpmap:96 H264/90000\r\na=control:0\r\n";
    String headers =
        "Authorization: Basic Y2FtZXJhOnNlY3JldA==\r\nContent-Type: application/sdp\r\n";
    return client.ask("ANNOUNCE", server.rtsp() + "/live/" + stream, headers, sdp).status();
  }

  private static void awaitConnections(int count) {
    await()
        .atMost(20, SECONDS)
        .until(
            () ->
                server
                    .get("/metrics")
                    .body()
                    .contains("millrace_rtsp_connections " + count + ".0"));
  }

  @Test
  void connectionsBeyondTheLimitAreRefused() throws IOException {
    awaitConnections(0);
    try (RtspTalk first = client();
        RtspTalk second = client();
        RtspTalk third = client();
        RtspTalk fourth = client()) {
      for (RtspTalk each : List.of(first, second, third, fourth)) {
        each.send(OPTIONS);
        assertThat(each.answer().status()).isEqualTo("RTSP/1.0 200 OK");
      }
      try (RtspTalk fifth = client()) {
        assertThat(fifth.answer().status()).as("the server hangs up").isEmpty();
      }
    }
    awaitConnections(0);
  }

  @Test
  void sessionsBeyondTheLimitAreRefused() throws IOException {
    awaitConnections(0);
    try (RtspTalk first = client();
        RtspTalk second = client();
        RtspTalk third = client()) {
      assertThat(announce(first, "one")).isEqualTo("RTSP/1.0 200 OK");
      assertThat(announce(second, "two")).isEqualTo("RTSP/1.0 200 OK");
      assertThat(announce(third, "three")).startsWith("RTSP/1.0 453");
    }
    awaitConnections(0);
  }

  @Test
  void onlyWhoHasThePasswordPushes() {
    Path clip = CameraSample.h264(folder.resolve("clip.mkv"), 1);
    for (String credentials : List.of("", "camera:wrong@", "other:secret@")) {
      Programs.Result refused =
          Programs.run(
              "ffmpeg",
              "-nostdin",
              "-v",
              "error",
              "-i",
              clip.toString(),
              "-c",
              "copy",
              "-f",
              "rtsp",
              "-rtsp_transport",
              "tcp",
              server.rtsp().replace("//", "//" + credentials) + "/live/closed");
      assertThat(refused.status()).as(credentials).isNotZero();
      assertThat(refused.err()).contains("401");
    }
    assertThat(new StoredMedia(server, "closed").fragments()).isZero();
  }

  @Test
  void whoReadsNoAnswersIsNotHeardAndThenSentAway() throws IOException {
    awaitConnections(0);
    long before = ProcessUsage.of(server.pid()).residentBytes();
    byte[] requests = OPTIONS.repeat(1000).getBytes(US_ASCII);
    long startNanos = System.nanoTime();
    try (RtspTalk deaf = client()) {
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 10_000; i++) {
                  deaf.send(requests);
                }
              })
          .isInstanceOf(IOException.class);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - startNanos))
        .isGreaterThan(Duration.ofSeconds(2));
    assertThat(ProcessUsage.of(server.pid()).residentBytes() - before).isLessThan(100 * MEGABYTE);
    awaitConnections(0);
  }
}
