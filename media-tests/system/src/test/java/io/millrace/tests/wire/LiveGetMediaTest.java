package io.millrace.tests.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.media.ebml.EbmlWriter;
import io.millrace.media.mkv.ClusterWriter;
import io.millrace.media.mkv.MkvMuxer;
import io.millrace.media.track.CodecPrivateData;
import io.millrace.media.track.Track;
import io.millrace.tests.client.Ack;
import io.millrace.tests.client.PutMediaSocket;
import io.millrace.tests.load.CameraFleet;
import io.millrace.tests.process.ServerProcess;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A producer sends frame by frame, and a viewer has each before the next one is sent. */
@Timeout(60)
class LiveGetMediaTest {
  private static final long MILLI = 1_000_000;
  private static final int FRAMES = 25;
  private static final byte[] HEADER =
      bytes(
          MkvMuxer.header(
              List.of(
                  new Track(
                      1,
                      1,
                      Track.TrackType.OTHER,
                      "",
                      "S_TEXT/UTF8",
                      CodecPrivateData.EMPTY,
                      0,
                      Optional.empty(),
                      Optional.empty())),
              MILLI,
              "live"));

  @TempDir static Path data;
  private static ServerProcess server;

  @BeforeAll
  static void startServer() {
    server = ServerProcess.start(data);
  }

  @AfterAll
  static void stopServer() {
    assertThat(server.stop()).isZero();
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  private static byte[] clusterStart(long timecodeMillis) {
    return bytes(
        new EbmlWriter(64).unknownSize(0x1F43B675, 8).integer(0xE7, timecodeMillis).finish());
  }

  private static byte[] block(int offsetMillis) {
    EbmlWriter block = new EbmlWriter(8192);
    byte[] frame = new byte[6000];
    new Random(offsetMillis).nextBytes(frame);
    block.head(0xA3, 4L + frame.length);
    block.raw(
        ByteBuffer.allocate(4).put((byte) 0x81).putShort((short) offsetMillis).flip().limit(4));
    block.raw(ByteBuffer.wrap(frame));
    return bytes(block.finish());
  }

  private static InputStream viewer(String stream) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(server.endpoint().resolve("/getMedia"))
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"StreamName\":\"%s\",\"StartSelector\":{\"StartSelectorType\":\"NOW\"}}"
                        .formatted(stream)))
            .build();
    HttpResponse<InputStream> response =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofInputStream());
    assertThat(response.statusCode()).isEqualTo(200);
    return response.body();
  }

  private static String tags(InputStream in) throws Exception {
    ByteBuffer start = ByteBuffer.wrap(in.readNBytes(8));
    assertThat(start.getInt()).as("Tags").isEqualTo(0x1254c367);
    return new String(in.readNBytes(start.getInt() & 0x0fff_ffff), StandardCharsets.ISO_8859_1);
  }

  private static void send(PutMediaSocket socket, byte[] bytes) throws Exception {
    socket.send(bytes, 0, bytes.length);
  }

  @Test
  void aFrameIsSeenBeforeTheNextIsSentAndNothingTwice() throws Exception {
    CameraFleet.createStream(server, "live");
    List<String> identities = new ArrayList<>();
    List<Double> latenciesMillis = new ArrayList<>();
    long base = System.currentTimeMillis();
    try (PutMediaSocket producer = PutMediaSocket.absolute(server.endpoint(), "live");
        InputStream viewer = viewer("live")) {
      send(producer, HEADER);
      for (int fragment = 0; fragment < 4; fragment++) {
        byte[] start = clusterStart(base + fragment * 1000L);
        send(producer, start);
        for (int frame = 0; frame < FRAMES; frame++) {
          byte[] block = block(frame * 40);
          long sentNanos = System.nanoTime();
          send(producer, block);
          if (frame == 0) {
            if (fragment > 0) {
              assertThat(tags(viewer)).contains("AWS_KINESISVIDEO_CONTINUATION_TOKEN");
            }
            assertThat(viewer.readNBytes(HEADER.length)).isEqualTo(HEADER);
            identities.add(tags(viewer));
            assertThat(viewer.readNBytes(start.length)).isEqualTo(start);
          }
          assertThat(viewer.readNBytes(block.length)).isEqualTo(block);
          latenciesMillis.add((System.nanoTime() - sentNanos) / 1e6);
        }
      }
      byte[] sized =
          bytes(
              new ClusterWriter((base + 4000) * MILLI, MILLI, 1024)
                  .add(1, (base + 4000) * MILLI, true, ByteBuffer.allocate(100))
                  .add(1, (base + 4040) * MILLI, true, ByteBuffer.allocate(100))
                  .finish());
      producer.send(sized, 0, sized.length - 50);
      assertThat(tags(viewer)).contains("AWS_KINESISVIDEO_CONTINUATION_TOKEN");
      assertThat(viewer.readNBytes(HEADER.length)).isEqualTo(HEADER);
      identities.add(tags(viewer));
      // At least the first frame is there before the Cluster is.
      byte[] seen = viewer.readNBytes(sized.length - 160);
      producer.send(sized, sized.length - 50, 50);
      byte[] rest = viewer.readNBytes(160);
      ByteBuffer whole = ByteBuffer.allocate(sized.length).put(seen).put(rest).flip();
      assertThat(bytes(whole)).isEqualTo(sized);
      assertThat(tags(viewer)).contains("AWS_KINESISVIDEO_CONTINUATION_TOKEN");
      producer.finish();
      producer.ended().join();
      List<Ack> stored = producer.acks("PERSISTED");
      assertThat(stored).hasSize(5);
      for (int i = 0; i < stored.size(); i++) {
        assertThat(identities.get(i))
            .contains("AWS_KINESISVIDEO_FRAGMENT_NUMBER", stored.get(i).number());
      }
    }
    latenciesMillis.sort(null);
    assertThat(latenciesMillis.get(latenciesMillis.size() / 2))
        .as("median of ms %s", latenciesMillis)
        .isLessThan(25);
  }

  @Test
  void aProducerThatBreaksOffEndsTheReplyWithoutAFault() throws Exception {
    CameraFleet.createStream(server, "torn");
    long base = System.currentTimeMillis();
    byte[] start = clusterStart(base);
    try (InputStream viewer = viewer("torn")) {
      try (PutMediaSocket producer = PutMediaSocket.absolute(server.endpoint(), "torn")) {
        send(producer, HEADER);
        send(producer, start);
        send(producer, block(0));
        assertThat(viewer.readNBytes(HEADER.length)).isEqualTo(HEADER);
        tags(viewer);
        assertThat(viewer.readNBytes(start.length)).isEqualTo(start);
        assertThat(viewer.readNBytes(block(0).length)).isEqualTo(block(0));
      }
      assertThat(viewer.readAllBytes()).isEmpty();
    }
  }
}
