package io.millrace.playback.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.media.mkv.MkvFragment;
import io.millrace.media.track.Frame;
import io.millrace.media.track.MediaException;
import io.millrace.media.track.Track;
import io.millrace.playback.PlaybackSettings;
import io.millrace.playback.clip.Clip;
import io.millrace.playback.clip.TestServer;
import io.millrace.playback.source.Nanos;
import io.millrace.store.fragment.FragmentLog;
import io.millrace.store.fragment.LiveFragment;
import io.millrace.tests.fixtures.Recordings;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReadingTest {
  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private TestServer server;
  private FragmentLog log;
  private long base;
  private List<Clip.Fragment> fragments;

  @BeforeEach
  void open() throws Exception {
    server = server(100, Duration.ofSeconds(10));
    log = server.create("cam");
    base = Nanos.of(server.now()) - 100 * Nanos.PER_SECOND;
    fragments = Clip.ofFile(Recordings.H264_AAC_LIVE.bytes()).fragments(base);
  }

  @AfterEach
  void close() throws Exception {
    server.close();
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private static TestServer server(int maxReadings, Duration startWait) throws Exception {
    PlaybackSettings all = TestServer.settings();
    return new TestServer(
        new PlaybackSettings(
            all.getMedia(),
            all.hls(),
            all.frames(),
            all.decoders(),
            all.timeline(),
            new ReadingSettings(startWait, Duration.ofSeconds(1), maxReadings)));
  }

  private <T> T on(Supplier<Future<T>> call) throws Exception {
    return Future.<T>future(promise -> context.runOnContext(go -> call.get().onComplete(promise)))
        .toCompletionStage()
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
  }

  private Reading replay(long from, long to) throws Exception {
    return on(() -> server.playback.readings().replay(context, "cam", from, to));
  }

  private List<ReadFrame> all(Reading reading) throws Exception {
    List<ReadFrame> frames = new ArrayList<>();
    for (ReadFrame frame = on(reading::next); frame != null; frame = on(reading::next)) {
      frames.add(frame);
    }
    return frames;
  }

  private List<ByteBuffer> sent() throws Exception {
    List<ByteBuffer> data = new ArrayList<>();
    for (Clip.Fragment fragment : fragments) {
      for (Frame frame : MkvFragment.parse(fragment.payload()).frames()) {
        data.add(frame.data());
      }
    }
    return data;
  }

  @Test
  void everyStoredFrameComesInOrderWithItsTime() throws Exception {
    TestServer.append(log, fragments);
    Reading reading = replay(base, Long.MAX_VALUE);
    assertThat(reading.tracks()).extracting(Track::codecId).contains("V_MPEG4/ISO/AVC", "A_AAC");
    List<ReadFrame> frames = all(reading);
    assertThat(frames).extracting(ReadFrame::data).isEqualTo(sent());
    assertThat(frames.getFirst().captureNanos()).isBetween(base - 50_000_000, base + 50_000_000);
    assertThat(frames).noneMatch(ReadFrame::afterGap);
    assertThat(frames.stream().map(ReadFrame::track).distinct()).hasSize(2);
    reading.close();
    assertThat(server.playback.readings().openReadings()).isZero();
  }

  @Test
  void aReplayBeginsAtTheKeyframeBeforeAndEndsWithTheRange() throws Exception {
    TestServer.append(log, fragments);
    Clip.Fragment second = fragments.get(1);
    long from = second.producerTimeNanos() + second.durationNanos() / 2;
    long to = fragments.get(2).producerTimeNanos() + 200_000_000;
    List<ReadFrame> frames = all(replay(from, to));
    ReadFrame first =
        frames.stream().filter(f -> f.track().video().isPresent()).findFirst().orElseThrow();
    assertThat(first.keyframe()).isTrue();
    assertThat(first.captureNanos()).isLessThanOrEqualTo(from);
    assertThat(frames.getFirst().captureNanos())
        .isGreaterThanOrEqualTo(second.producerTimeNanos() - 50_000_000);
    assertThat(frames.getLast().captureNanos()).isLessThanOrEqualTo(to);
    assertThat(frames).anyMatch(f -> f.captureNanos() > to - 60_000_000);
  }

  @Test
  void aGapIsToldAndAnEmptyRangeRefused() throws Exception {
    TestServer.append(log, fragments);
    TestServer.append(
        log, Clip.ofFile(Recordings.H264_AAC_LIVE.bytes()).fragments(base + 30 * Nanos.PER_SECOND));
    Reading reading = replay(base, Long.MAX_VALUE);
    List<ReadFrame> frames = all(reading);
    reading.close();
    assertThat(frames.stream().filter(ReadFrame::afterGap)).hasSize(1);
    assertThatThrownBy(() -> replay(base - 50 * Nanos.PER_SECOND, base - Nanos.PER_SECOND))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            AwsException.class,
            refused -> assertThat(refused.error()).isEqualTo(AwsError.RESOURCE_NOT_FOUND));
    assertThat(server.playback.readings().openReadings()).isZero();
  }

  @Test
  void aLiveReaderGetsEachFrameWhenItIsThere() throws Exception {
    ByteBuffer payload = fragments.getFirst().payload().duplicate();
    byte[] bytes = new byte[payload.remaining()];
    payload.get(bytes);
    MkvFragment parsed = MkvFragment.parse(ByteBuffer.wrap(bytes));
    LiveFragment live = log.live().open(log::nextNumber, base);
    Future<Reading> opening =
        Future.future(
            promise ->
                context.runOnContext(
                    go -> server.playback.readings().live(context, "cam").onComplete(promise)));
    int head = parsed.clusterStart();
    Reading reading = null;
    int got = 0;
    for (int size = head; size < bytes.length; size += 997) {
      live.grow(bytes, head, size);
      if (reading == null && size > head + (bytes.length - head) / 2) {
        reading = opening.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
      }
    }
    live.grow(bytes, head, bytes.length);
    live.complete(ByteBuffer.wrap(bytes));
    assertThat(reading).isNotNull();
    for (Frame frame : parsed.frames()) {
      ReadFrame read = on(reading::next);
      assertThat(read.data()).isEqualTo(frame.data());
      got++;
    }
    assertThat(got).isEqualTo(parsed.frames().size());
    Reading open = reading;
    Future<ReadFrame> pending =
        Future.future(promise -> context.runOnContext(go -> open.next().onComplete(promise)));
    context.runOnContext(go -> open.close());
    assertThat(pending.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS))
        .isNull();
    assertThat(server.playback.readings().openReadings()).isZero();
  }

  @Test
  void aReaderThatMissedFragmentsGoesOnAtALaterKeyframe() throws Exception {
    LiveFragment first = whole(fragments.get(0));
    Reading reading = on(() -> server.playback.readings().live(context, "cam"));
    int frames = MkvFragment.parse(fragments.get(0).payload()).frames().size();
    for (int i = 0; i < frames; i++) {
      assertThat(on(reading::next).afterGap()).isFalse();
    }
    LiveFragment third =
        on(
            () -> {
              // On the reader's own event loop, so that it cannot look in between.
              LiveFragment missed = whole(fragments.get(1));
              log.live().settled(first.number());
              log.live().settled(missed.number());
              return Future.succeededFuture(whole(fragments.get(2)));
            });
    ReadFrame next = on(reading::next);
    assertThat(next.afterGap()).isTrue();
    assertThat(next.keyframe()).isTrue();
    assertThat(next.captureNanos()).isGreaterThanOrEqualTo(third.producerTimeNanos());
    on(
        () -> {
          reading.close();
          return Future.succeededFuture(true);
        });
  }

  private LiveFragment whole(Clip.Fragment fragment) {
    ByteBuffer payload = fragment.payload().duplicate();
    byte[] bytes = new byte[payload.remaining()];
    payload.get(bytes);
    LiveFragment live = log.live().open(log::nextNumber, fragment.producerTimeNanos());
    try {
      live.grow(bytes, MkvFragment.parse(ByteBuffer.wrap(bytes)).clusterStart(), bytes.length);
    } catch (MediaException e) {
      throw new IllegalStateException(e);
    }
    live.complete(ByteBuffer.wrap(bytes));
    return live;
  }

  @Test
  void silenceAndTooManyReadersAreRefused() throws Exception {
    try (TestServer small = server(1, Duration.ofMillis(50))) {
      small.create("quiet");
      assertThatThrownBy(() -> on(() -> small.playback.readings().live(context, "quiet")))
          .cause()
          .isInstanceOfSatisfying(
              AwsException.class,
              refused -> {
                assertThat(refused.error()).isEqualTo(AwsError.RESOURCE_NOT_FOUND);
                assertThat(refused.clientMessage()).contains("no media now");
              });
      TestServer.append(small.create("busy"), fragments);
      Reading held =
          on(() -> small.playback.readings().replay(context, "busy", base, Long.MAX_VALUE));
      assertThatThrownBy(
              () -> on(() -> small.playback.readings().replay(context, "busy", base, base + 1)))
          .cause()
          .isInstanceOfSatisfying(
              AwsException.class,
              refused -> assertThat(refused.error()).isEqualTo(AwsError.CLIENT_LIMIT_EXCEEDED));
      held.close();
    }
  }
}
