package io.millrace.tests.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.tests.client.HlsClient;
import io.millrace.tests.client.ParserLibrary;
import io.millrace.tests.load.CameraFleet;
import io.millrace.tests.process.Programs;
import io.millrace.tests.process.ServerProcess;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ffmpeg's WHIP muxer: every frame is stored as it was sent, whatever else hits the port. */
class WhipTest {
  private static final int SECONDS = 6;
  private static final int JUNK_PACKETS = 50_000;
  private static final int BURST = 20;

  @TempDir static Path folder;
  private static ServerProcess server;
  private static Path clip;

  @BeforeAll
  static void start() {
    server = ServerProcess.start(folder.resolve("data"));
    clip = folder.resolve("clip.mp4");
    WhipProgram.writeClip(clip, SECONDS);
  }

  @AfterAll
  static void stop() {
    assertThat(server.stop()).isZero();
  }

  private static void assertStoredWhole(ServerProcess server, String stream, double startSeconds) {
    HlsClient hls =
        HlsClient.onDemand(server, stream, startSeconds, System.currentTimeMillis() / 1000.0 + 1);
    List<String> sent = Programs.frameMd5s(clip.toString(), "v:0");
    assertThat(sent).hasSize(SECONDS * 30);
    assertThat(Programs.frameMd5s(hls.master().toString(), "v:0")).isEqualTo(sent);
  }

  private static void push(String tracks, String stream) throws Exception {
    Path log = folder.resolve(stream + ".log");
    Process camera = WhipProgram.push(server, clip, tracks, stream, log);
    assertThat(camera.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(camera.exitValue()).as(WhipProgram.log(log)).isZero();
  }

  @Test
  void everyFrameIsStoredAsSent() throws Exception {
    CameraFleet.createStream(server, "encoder");
    double start = System.currentTimeMillis() / 1000.0 - 1;
    push("0:v", "encoder");
    assertStoredWhole(server, "encoder", start);
  }

  @Test
  void soundIsStoredAsSent() throws Exception {
    CameraFleet.createStream(server, "sound");
    push("0", "sound");
    List<String> sent =
        Programs.run(
                "ffprobe",
                "-v",
                "error",
                "-select_streams",
                "a",
                "-show_packets",
                "-show_data_hash",
                "md5",
                "-show_entries",
                "packet=data_hash",
                "-of",
                "csv=p=0",
                clip.toString())
            .orThrow()
            .out()
            .lines()
            .map(line -> line.replace("MD5:", "").strip())
            .filter(line -> !line.isEmpty())
            .toList();
    HttpRequest request =
        HttpRequest.newBuilder(server.endpoint().resolve("/getMedia"))
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"StreamName\":\"sound\",\"StartSelector\":"
                        + "{\"StartSelectorType\":\"EARLIEST\"}}"))
            .build();
    try (HttpClient client = HttpClient.newHttpClient();
        InputStream in = client.send(request, HttpResponse.BodyHandlers.ofInputStream()).body()) {
      List<String> stored =
          ParserLibrary.frames(in, seen -> seen.stream().anyMatch(isOf(sent.getLast()))).stream()
              .map(ParserLibrary.SeenFrame::md5)
              .filter(sent::contains)
              .toList();
      // Sound before the first keyframe belongs to no fragment.
      assertThat(stored).hasSizeGreaterThan(sent.size() - 10);
      assertThat(stored).isEqualTo(sent.subList(sent.size() - stored.size(), sent.size()));
      client.shutdownNow();
    }
  }

  private static Predicate<ParserLibrary.SeenFrame> isOf(String md5) {
    return frame -> frame.md5().equals(md5);
  }

  @Test
  void junkAndFloodsChangeNothingForOthers() throws Exception {
    try (ServerProcess flooded =
        ServerProcess.start(folder.resolve("flooded"), "--set", "webrtc.max-pending=4")) {
      double start = System.currentTimeMillis() / 1000.0 - 1;
      Path log = folder.resolve("calm.log");
      Process camera = WhipProgram.push(flooded, clip, "0:v", "calm", log);
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> flooded.get("/metrics").body().contains("millrace_webrtc_connected 1"));
      int refused = 0;
      int port = 0;
      for (int i = 0; i < 30; i++) {
        URI uri = flooded.endpoint().resolve("/whip/flood-" + i);
        HttpResponse<String> answer =
            send(uri, "POST", VideoOffer.of("actpass"), "application/sdp", "");
        assertThat(answer.statusCode()).isIn(201, 503);
        if (answer.statusCode() == 201) {
          port = Integer.parseInt(answer.body().split(" typ host")[0].replaceFirst("(?s).* ", ""));
        } else {
          refused++;
        }
      }
      assertThat(refused).as("peers beyond max-pending").isEqualTo(26);
      junk(port);
      assertThat(camera.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(camera.exitValue()).as(WhipProgram.log(log)).isZero();
      assertStoredWhole(flooded, "calm", start);
      assertThat(flooded.get("/metrics").body())
          .containsPattern("millrace_webrtc_stray_packets_total [1-9]");
    }
  }

  /** Packets that begin as STUN, DTLS, RTP or nothing do, with chance behind. */
  private static void junk(int port) throws IOException {
    Random random = new Random(11);
    byte[] firsts = {0, 1, 20, 22, 23, (byte) 128, (byte) 144, (byte) 200, 90};
    try (DatagramSocket socket = new DatagramSocket()) {
      InetAddress address = InetAddress.getByName("127.0.0.1");
      for (int i = 0; i < JUNK_PACKETS; i++) {
        byte[] packet = new byte[1 + random.nextInt(200)];
        random.nextBytes(packet);
        packet[0] = firsts[random.nextInt(firsts.length)];
        socket.send(new DatagramPacket(packet, packet.length, address, port));
        if (i % BURST == 0) {
          // As many as a network brings, not as many as this machine's loopback takes.
          LockSupport.parkNanos(2_000_000);
        }
      }
    }
  }

  private static HttpResponse<String> post(String path, String body, String type) throws Exception {
    return send("POST", path, body, type, "");
  }

  private static HttpResponse<String> send(
      String method, String path, String body, String type, String match) throws Exception {
    return send(server.endpoint().resolve(path), method, body, type, match);
  }

  private static HttpResponse<String> send(
      URI uri, String method, String body, String type, String match) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .header("Content-Type", type)
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (!match.isEmpty()) {
      request.header("If-Match", match);
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  @Test
  void theProtocolIsKept() throws Exception {
    CameraFleet.createStream(server, "protocol");
    assertThat(post("/whip/protocol", VideoOffer.of("actpass"), "text/plain").statusCode())
        .isEqualTo(415);
    assertThat(post("/whip/protocol", "nonsense", "application/sdp").statusCode()).isEqualTo(400);
    assertThat(
            post(
                    "/whip/protocol",
                    VideoOffer.of("actpass").replace("H264", "H263"),
                    "application/sdp")
                .statusCode())
        .isEqualTo(406);
    assertThat(post("/whip/a%20b", VideoOffer.of("actpass"), "application/sdp").statusCode())
        .isEqualTo(400);

    HttpResponse<String> created =
        post("/whip/protocol", VideoOffer.of("actpass"), "application/sdp");
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    String location = created.headers().firstValue("location").orElseThrow();
    String tag = created.headers().firstValue("etag").orElseThrow();
    assertThat(created.body())
        .contains("a=ice-lite", "a=recvonly", "a=setup:passive", "a=rtcp-mux", "typ host")
        .contains("a=fmtp:96 packetization-mode=1;profile-level-id=42e01f");

    String type = "application/trickle-ice-sdpfrag";
    String candidate =
        "a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuv\r\nm=video 9 RTP/AVP 0\r\na=mid:0\r\n"
            + "a=candidate:1 1 udp 2130706431 127.0.0.1 9 typ host\r\n";
    assertThat(send("PATCH", location, candidate, type, "").statusCode()).isEqualTo(428);
    assertThat(send("PATCH", location, candidate, type, "\"other\"").statusCode()).isEqualTo(412);
    assertThat(send("PATCH", location, candidate, type, tag).statusCode()).isEqualTo(204);
    HttpResponse<String> restarted =
        send("PATCH", location, candidate.replace("abcd\r", "efgh\r"), type, "*");
    assertThat(restarted.statusCode()).isEqualTo(200);
    assertThat(restarted.headers().firstValue("etag")).isPresent().isNotEqualTo(tag);
    assertThat(restarted.body()).contains("a=ice-ufrag:", "a=ice-pwd:", "a=candidate:");
    assertThat(send("DELETE", location, "", type, "").statusCode()).isEqualTo(200);
    assertThat(send("DELETE", location, "", type, "").statusCode()).isEqualTo(404);
  }
}
