package io.millrace.playback.getmedia;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.media.mkv.ClusterWriter;
import io.millrace.media.track.CodecPrivateData;
import io.millrace.media.track.Track;
import io.millrace.playback.clip.Clip;
import io.millrace.playback.clip.TestServer;
import io.millrace.store.fragment.FragmentLog;
import io.millrace.store.fragment.FragmentNumber;
import io.millrace.store.fragment.LiveFragment;
import io.millrace.store.fragment.NewFragment;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Fragments that GetMedia sends while they grow, before the log has them. */
@Timeout(60)
final class LiveEdgeTest {
  private static final byte[] HEAD = Clip.bytes(new Clip(List.of(track()), List.of()).header());
  private static final long PRODUCER_NANOS = 1_700_000_000_123_000_000L;
  private TestServer server;
  private FragmentLog log;

  @BeforeEach
  void start() throws Exception {
    server = new TestServer();
    log = server.create("cam", 0);
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  private InputStream reply(String selector) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.url() + "/getMedia"))
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"StreamName\":\"cam\",\"StartSelector\":{%s}}".formatted(selector)))
            .build();
    HttpResponse<InputStream> response =
        server.http.send(request, HttpResponse.BodyHandlers.ofInputStream());
    assertThat(response.statusCode()).isEqualTo(200);
    return response.body();
  }

  private InputStream now() throws Exception {
    return reply("\"StartSelectorType\":\"NOW\"");
  }

  private static Track track() {
    return new Track(
        1,
        1,
        Track.TrackType.OTHER,
        "",
        "S_TEXT/UTF8",
        CodecPrivateData.EMPTY,
        0,
        Optional.empty(),
        Optional.empty());
  }

  /** A Cluster of one frame with content that a seed determines. */
  private static byte[] cluster(int seed, int frameBytes) {
    byte[] frame = new byte[frameBytes];
    new SplittableRandom(seed).nextBytes(frame);
    return Clip.bytes(
        new ClusterWriter(PRODUCER_NANOS, 1_000_000, frameBytes + 64)
            .add(1, PRODUCER_NANOS, true, ByteBuffer.wrap(frame))
            .finish());
  }

  private static byte[] concat(byte[]... parts) {
    return Clip.bytes(Clip.concat(java.util.Arrays.stream(parts).map(ByteBuffer::wrap).toList()));
  }

  private LiveFragment open() {
    return log.live().open(log::nextNumber, PRODUCER_NANOS);
  }

  private static void grow(LiveFragment fragment, byte[] cluster, int clusterBytes) {
    fragment.grow(concat(HEAD, cluster), HEAD.length, HEAD.length + clusterBytes);
  }

  private void store(LiveFragment fragment, byte[] cluster) throws Exception {
    ByteBuffer payload = ByteBuffer.wrap(concat(HEAD, cluster));
    log.append(new NewFragment(fragment.number(), PRODUCER_NANOS, Clip.SECOND, 1, 3, payload))
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
    log.live().settled(fragment.number());
  }

  private void completeAndStore(LiveFragment fragment, byte[] cluster) throws Exception {
    grow(fragment, cluster, cluster.length);
    fragment.complete(ByteBuffer.wrap(concat(HEAD, cluster)));
    store(fragment, cluster);
  }

  private static String tags(InputStream in) throws Exception {
    ByteBuffer start = ByteBuffer.wrap(in.readNBytes(8));
    assertThat(start.getInt()).as("Tags").isEqualTo(0x1254c367);
    byte[] content = in.readNBytes(start.getInt() & 0x0fff_ffff);
    return new String(content, StandardCharsets.ISO_8859_1);
  }

  private static void readHead(InputStream in, FragmentNumber number) throws Exception {
    assertThat(in.readNBytes(HEAD.length)).isEqualTo(HEAD);
    assertThat(tags(in))
        .contains("AWS_KINESISVIDEO_FRAGMENT_NUMBER", number.toString(), "1700000000.123");
  }

  private static void readWhole(InputStream in, FragmentNumber number, byte[] cluster)
      throws Exception {
    readHead(in, number);
    assertThat(in.readNBytes(cluster.length)).isEqualTo(cluster);
    assertThat(tags(in)).contains("AWS_KINESISVIDEO_CONTINUATION_TOKEN", number.toString());
  }

  @Test
  void sendsAFragmentOnceAndWhileItGrows() throws Exception {
    try (InputStream in = now()) {
      byte[] first = cluster(1, 3000);
      LiveFragment one = open();
      grow(one, first, 1000);
      readHead(in, one.number());
      assertThat(in.readNBytes(1000)).isEqualTo(java.util.Arrays.copyOf(first, 1000));
      grow(one, first, 1001);
      assertThat(in.readNBytes(1)).containsExactly(first[1000]);
      completeAndStore(one, first);
      assertThat(in.readNBytes(first.length - 1001))
          .isEqualTo(java.util.Arrays.copyOfRange(first, 1001, first.length));
      assertThat(tags(in)).contains("AWS_KINESISVIDEO_CONTINUATION_TOKEN");
      byte[] second = cluster(2, 500);
      LiveFragment two = open();
      completeAndStore(two, second);
      readWhole(in, two.number(), second);
    }
    try (InputStream again = reply("\"StartSelectorType\":\"EARLIEST\"")) {
      readHead(again, log.newest(2).getFirst().number());
    }
    assertThat(server.playback.metrics().getMedia().liveFragments.sum()).isPositive();
  }

  @Test
  void aReaderWhoComesInTheMiddleGetsTheFragmentFromItsBeginning() throws Exception {
    byte[] cluster = cluster(1, 3000);
    LiveFragment fragment = open();
    grow(fragment, cluster, 2000);
    try (InputStream in = now()) {
      readHead(in, fragment.number());
      assertThat(in.readNBytes(2000)).isEqualTo(java.util.Arrays.copyOf(cluster, 2000));
    }
  }

  @Test
  void tagsThatCameLateStandBehindTheCluster() throws Exception {
    byte[] cluster = cluster(1, 100);
    byte[] late = "late tags".getBytes(StandardCharsets.US_ASCII);
    LiveFragment fragment = open();
    grow(fragment, cluster, cluster.length);
    fragment.complete(ByteBuffer.wrap(concat(HEAD, late, cluster)));
    try (InputStream in = now()) {
      readHead(in, fragment.number());
      assertThat(in.readNBytes(cluster.length)).isEqualTo(cluster);
      assertThat(in.readNBytes(late.length)).isEqualTo(late);
      assertThat(tags(in)).contains("AWS_KINESISVIDEO_CONTINUATION_TOKEN");
    }
  }

  @Test
  void aTornFragmentEndsTheReplyAndATokenGoesOnBehindIt() throws Exception {
    byte[] cluster = cluster(1, 3000);
    LiveFragment torn = open();
    grow(torn, cluster, 700);
    try (InputStream in = now()) {
      readHead(in, torn.number());
      assertThat(in.readNBytes(700)).isEqualTo(java.util.Arrays.copyOf(cluster, 700));
      torn.abort();
      assertThat(in.readAllBytes()).isEmpty();
    }
    assertThat(server.playback.metrics().getMedia().torn.sum()).isEqualTo(1);
    LiveFragment next = open();
    completeAndStore(next, cluster);
    try (InputStream in =
        reply(
            "\"StartSelectorType\":\"CONTINUATION_TOKEN\",\"ContinuationToken\":\"%s\""
                .formatted(torn.number()))) {
      readWhole(in, next.number(), cluster);
    }
  }

  @Test
  void aFragmentRefusedBeforeItsFirstBytesIsNotSeen() throws Exception {
    byte[] cluster = cluster(1, 300);
    try (InputStream in = now()) {
      LiveFragment refused = open();
      LiveFragment good = open();
      grow(good, cluster, 100);
      refused.abort();
      completeAndStore(good, cluster);
      readWhole(in, good.number(), cluster);
    }
  }

  @Test
  void overlappingFragmentsComeOneAfterTheOther() throws Exception {
    byte[] first = cluster(1, 300);
    byte[] second = cluster(2, 300);
    LiveFragment one = open();
    grow(one, first, 100);
    try (InputStream in = now()) {
      readHead(in, one.number());
      LiveFragment two = open();
      completeAndStore(two, second);
      completeAndStore(one, first);
      assertThat(in.readNBytes(first.length)).isEqualTo(first);
      assertThat(tags(in)).contains(one.number().toString());
      readWhole(in, two.number(), second);
    }
  }

  @Test
  void aFragmentOnItsWayToTheDiskIsNotPassedOver() throws Exception {
    byte[] first = cluster(1, 300);
    byte[] second = cluster(2, 300);
    LiveFragment one = open();
    grow(one, first, first.length);
    one.complete(ByteBuffer.wrap(concat(HEAD, first)));
    LiveFragment two = open();
    grow(two, second, second.length);
    try (InputStream in = now()) {
      readWhole(in, one.number(), first);
      store(one, first);
      readHead(in, two.number());
    }
  }

  @Test
  void aSlowReaderGetsEveryByteInTheEndAndHoldsNobodyUp() throws Exception {
    byte[] cluster = cluster(1, 48 << 20);
    LiveFragment fragment = open();
    try (InputStream in = now()) {
      byte[] bytes = concat(HEAD, cluster);
      for (int size = 1 << 20; size < cluster.length; size += 1 << 20) {
        fragment.grow(bytes, HEAD.length, HEAD.length + size);
      }
      var sent = server.playback.metrics().getMedia().bytes;
      await()
          .atMost(Duration.ofSeconds(10))
          .during(Duration.ofMillis(300))
          .until(sent::sum, sum -> sum > 0 && sum == sent.sum());
      assertThat(sent.sum()).as("handed to the connection").isLessThan(cluster.length - (8 << 20));
      completeAndStore(fragment, cluster);
      readWhole(in, fragment.number(), cluster);
    }
  }

  @Test
  void aClientThatLeavesFreesItsPlace() throws Exception {
    LiveFragment fragment = open();
    InputStream in = now();
    grow(fragment, cluster(1, 100), 100);
    readHead(in, fragment.number());
    in.close();
    await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> server.playback.metrics().getMedia().open.sum() == 0);
  }
}
