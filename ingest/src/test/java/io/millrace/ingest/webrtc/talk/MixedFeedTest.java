package io.millrace.ingest.webrtc.talk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.ingest.feed.Feed;
import io.millrace.ingest.rtp.clock.CaptureTime;
import io.millrace.ingest.webrtc.metrics.WebRtcMetrics;
import io.millrace.media.track.ClockSource;
import io.millrace.media.track.Track;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What of a master's frames gets to the stream, and when. */
class MixedFeedTest {
  private static final int VIDEO = 1;
  private static final int SOUND = 2;
  private static final int FRAME_MILLIS = 20;

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final WebRtcMetrics metrics = new WebRtcMetrics();
  private final Conversation conversation = new Conversation(TalkSettings.defaults(), metrics);
  private final Tone master = new Tone(440);
  private final Tone voice = new Tone(1_000);
  private final KeptFeed kept = new KeptFeed();
  private final List<ByteBuffer> mastersEar = new CopyOnWriteArrayList<>();
  private final MixedFeed feed = new MixedFeed(kept, context, conversation, SOUND, mastersEar::add);
  private int sent;

  private static final class KeptFeed implements Feed {
    final List<Integer> tracks = new CopyOnWriteArrayList<>();
    final List<Long> millis = new CopyOnWriteArrayList<>();
    final List<ByteBuffer> frames = new CopyOnWriteArrayList<>();
    final List<String> others = new CopyOnWriteArrayList<>();

    @Override
    public void track(Track track) {}

    @Override
    public void frame(int trackNumber, CaptureTime time, boolean keyframe, ByteBuffer data) {
      tracks.add(trackNumber);
      millis.add(time.epochNanos() / 1_000_000);
      frames.add(ByteBuffer.allocate(data.remaining()).put(data.duplicate()).flip());
    }

    @Override
    public void lost(int trackNumber, long from, long to, int packets, String reason) {
      others.add("lost " + packets);
    }

    @Override
    public void end(End reason) {
      others.add("end " + reason);
    }

    @Override
    public boolean isBehind() {
      return false;
    }
  }

  @AfterEach
  void close() {
    vertx.close();
  }

  private void onLoop(Runnable work) throws Exception {
    CompletableFuture<Void> done = new CompletableFuture<>();
    context.runOnContext(
        go -> {
          work.run();
          done.complete(null);
        });
    done.get(10, TimeUnit.SECONDS);
  }

  /** Sends the next frames of the master, each 20 ms after the one before. */
  private List<ByteBuffer> send(int frames) throws Exception {
    List<ByteBuffer> packets = new ArrayList<>();
    onLoop(
        () -> {
          for (int i = 0; i < frames; i++) {
            byte[] packet = master.packet();
            packets.add(ByteBuffer.wrap(packet.clone()));
            feed.frame(SOUND, time(), true, ByteBuffer.wrap(packet));
            // It was lent.
            Arrays.fill(packet, (byte) 0);
            sent++;
          }
        });
    return packets;
  }

  private CaptureTime time() {
    return new CaptureTime(sent * FRAME_MILLIS * 1_000_000L, ClockSource.CAMERA_NTP, 0, false);
  }

  private void assertEvenTimes() {
    for (int i = 0; i < kept.millis.size(); i++) {
      assertThat(kept.millis.get(i)).isEqualTo((long) i * FRAME_MILLIS);
    }
  }

  private void speak(Talker talker) {
    talker.speak(ByteBuffer.wrap(voice.packet()), System.nanoTime());
  }

  @Test
  void framesStayAsTheyAreWhileNobodyTalks() throws Exception {
    List<ByteBuffer> packets = send(20);
    assertThat(kept.frames).as("at once").isEqualTo(packets);
    assertEvenTimes();
    assertThat(mastersEar).isEmpty();
    assertThat(metrics.mixedFrames.sum()).isZero();
  }

  @Test
  void theTrackGoesOnEvenlyIntoAMixAndOutOfIt() throws Exception {
    List<ByteBuffer> before = send(5);
    Talker talker = conversation.join();
    for (int frame = 0; frame < 20; frame++) {
      speak(talker);
      send(1);
      int due = sent;
      await().untilAsserted(() -> assertThat(kept.frames).hasSize(due));
    }
    talker.leave();
    List<ByteBuffer> after = send(5);
    await().untilAsserted(() -> assertThat(kept.frames).hasSize(30));
    assertEvenTimes();
    assertThat(kept.frames.subList(0, 5)).isEqualTo(before);
    assertThat(kept.frames.subList(25, 30)).isEqualTo(after);
    assertThat(mastersEar).hasSize(20);
    Ear stream = new Ear();
    kept.frames.subList(0, 25).forEach(stream::hear);
    assertThat(stream.samples()).isEqualTo(25 * Tone.FRAME);
    assertThat(stream.of(440)).isGreaterThan(0.5);
    assertThat(stream.of(1_000)).isGreaterThan(0.5);
    Ear ear = new Ear();
    mastersEar.forEach(ear::hear);
    assertThat(ear.of(440)).isLessThan(0.05);
    assertThat(ear.of(1_000)).isGreaterThan(0.5);
  }

  /** Keeps everything that mixes waiting. */
  private CountDownLatch busyWorkers() throws Exception {
    CountDownLatch free = new CountDownLatch(1);
    CountDownLatch taken = new CountDownLatch(20);
    for (int i = 0; i < 20; i++) {
      vertx.executeBlocking(
          () -> {
            taken.countDown();
            return free.await(20, TimeUnit.SECONDS);
          },
          false);
    }
    assertThat(taken.await(10, TimeUnit.SECONDS)).isTrue();
    return free;
  }

  @Test
  void framesThatWaitTooLongGoOnAsTheyCame() throws Exception {
    CountDownLatch free = busyWorkers();
    Talker talker = conversation.join();
    speak(talker);
    int limit = TalkSettings.defaults().maxWaitingFrames();
    List<ByteBuffer> packets = send(limit);
    assertThat(kept.frames).as("at the limit").isEmpty();
    onLoop(() -> feed.frame(VIDEO, time(), true, ByteBuffer.allocate(3)));
    assertThat(kept.tracks).as("pictures do not wait").containsExactly(VIDEO);
    packets.addAll(send(1));
    assertThat(kept.frames.subList(1, limit + 2)).as("one beyond").isEqualTo(packets);
    assertThat(metrics.unmixedFrames.sum()).isEqualTo(limit + 1);
    free.countDown();
    speak(talker);
    send(1);
    await().untilAsserted(() -> assertThat(kept.frames).hasSize(limit + 3));
    assertThat(kept.millis.subList(1, limit + 3)).isSorted();
  }

  @Test
  void nothingOfTheMastersIsMissingAtTheEnd() throws Exception {
    CountDownLatch free = busyWorkers();
    speak(conversation.join());
    List<ByteBuffer> packets = send(3);
    onLoop(() -> feed.end(Feed.End.SOURCE_ENDED));
    assertThat(kept.frames).isEqualTo(packets);
    assertThat(kept.others).containsExactly("end SOURCE_ENDED");
    free.countDown();
    // The first was being mixed already.
    await().until(() -> metrics.mixedFrames.sum() == 1);
    onLoop(() -> {});
    assertThat(kept.frames).as("not once more").hasSize(3);
  }

  @Test
  void losesAreToldAsTheyWere() throws Exception {
    onLoop(() -> feed.lost(SOUND, 0, 1, 4, "never came"));
    assertThat(kept.others).containsExactly("lost 4");
  }
}
