package io.millrace.ingest.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.ingest.IngestServer;
import io.millrace.ingest.rtp.clock.CaptureTime;
import io.millrace.media.codec.InBandSetup;
import io.millrace.media.h264.AvcConfig;
import io.millrace.media.mkv.CaptureTraits;
import io.millrace.media.mkv.FragmentTraits;
import io.millrace.media.mkv.MkvFragment;
import io.millrace.media.track.ClockSource;
import io.millrace.media.track.CodecPrivateData;
import io.millrace.media.track.Frame;
import io.millrace.media.track.GapReason;
import io.millrace.media.track.Track;
import io.millrace.media.track.Track.AudioFormat;
import io.millrace.media.track.Track.TrackType;
import io.millrace.store.fragment.FragmentEntry;
import io.millrace.store.fragment.FragmentLog;
import io.millrace.store.fragment.LiveFragment;
import io.millrace.store.fragment.StreamEvent;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Frames through a feed into a real store. */
class StreamFeedTest {
  private static final long MILLI = 1_000_000L;
  private static final long START = 1_750_000_000_000L * MILLI;
  private static final long FRAME = 40 * MILLI;
  private static final HexFormat HEX = HexFormat.of();

  /** A Baseline SPS. */
  private static final byte[] SMALL = HEX.parseHex("6742c00ad90203610000030001000003003c8f1226e0");

  private static final byte[] PPS = HEX.parseHex("68cb8cb2");

  @TempDir Path data;
  private IngestServer server;
  private Context context;
  private final List<String> closed = new ArrayList<>();

  @BeforeEach
  void open() throws Exception {
    server = IngestServer.open(data);
    context = server.vertx.getOrCreateContext();
  }

  @AfterEach
  void close() throws Exception {
    server.close();
  }

  private Feed feed(String stream) throws Exception {
    return onLoop(
            () ->
                server
                    .ingest
                    .feeds()
                    .open(
                        context,
                        stream,
                        FeedOrigin.RTSP_PUSH,
                        "test",
                        new FeedListener() {
                          @Override
                          public void ready() {}

                          @Override
                          public void closed(String reason) {
                            closed.add(reason);
                          }
                        }))
        .toCompletionStage()
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }

  private <T> T onLoop(Callable<T> work) throws Exception {
    Future<T> done = Future.future(promise -> context.runOnContext(go -> run(work, promise)));
    return done.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private static <T> void run(Callable<T> work, io.vertx.core.Promise<T> promise) {
    try {
      promise.complete(work.call());
    } catch (Exception e) {
      promise.fail(e);
    }
  }

  private void run(Runnable work) throws Exception {
    var unused =
        onLoop(
            () -> {
              work.run();
              return true;
            });
  }

  private static Track video(CodecPrivateData setup) {
    return new Track(
        1, 1, TrackType.VIDEO, "", "V_MPEG4/ISO/AVC", setup, 0, Optional.empty(), Optional.empty());
  }

  private static Track sound() {
    return new Track(
        2,
        2,
        TrackType.AUDIO,
        "",
        "A_OPUS",
        CodecPrivateData.EMPTY,
        0,
        Optional.empty(),
        Optional.of(new AudioFormat(48_000, 2, 0)));
  }

  private static CaptureTime at(long nanos) {
    return new CaptureTime(nanos, ClockSource.CAMERA_NTP, 3 * MILLI, false);
  }

  private static CaptureTime jumped(long nanos) {
    return new CaptureTime(nanos, ClockSource.CAMERA_NTP, 3 * MILLI, true);
  }

  private static ByteBuffer units(byte[]... units) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] unit : units) {
      out.writeBytes(ByteBuffer.allocate(4).putInt(unit.length).array());
      out.writeBytes(unit);
    }
    return ByteBuffer.wrap(out.toByteArray());
  }

  private static ByteBuffer idr(byte[] sps) {
    return units(sps, PPS, new byte[] {0x65, 1, 2, 3});
  }

  private static ByteBuffer slice(int number) {
    return units(new byte[] {0x41, (byte) number, 7, 7, 7});
  }

  /** A group of pictures: a keyframe and others 40 ms apart. */
  private static void group(Feed feed, byte[] sps, long startNanos, int pictures) {
    feed.frame(1, at(startNanos), true, idr(sps));
    for (int i = 1; i < pictures; i++) {
      feed.frame(1, at(startNanos + i * FRAME), false, slice(i));
    }
  }

  private List<FragmentEntry> stored(String stream, int count) {
    FragmentLog log = server.catalog.fragments(stream);
    await().atMost(Duration.ofSeconds(10)).until(() -> log.newest(100).size() >= count);
    return log.newest(100);
  }

  private List<StreamEvent> events(String stream, int count) {
    FragmentLog log = server.catalog.fragments(stream);
    await().atMost(Duration.ofSeconds(10)).until(() -> events(log).size() >= count);
    return events(log);
  }

  private static List<StreamEvent> events(FragmentLog log) {
    return log.events()
        .find(Long.MIN_VALUE, Long.MAX_VALUE, 100)
        .toCompletableFuture()
        .orTimeout(10, TimeUnit.SECONDS)
        .join();
  }

  private MkvFragment read(String stream, FragmentEntry entry) throws Exception {
    return MkvFragment.parse(
        server
            .catalog
            .fragments(stream)
            .read(entry)
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS));
  }

  @Test
  void keyframesBeginFragmentsAndEveryFrameIsKept() throws Exception {
    Feed feed = feed("cam");
    run(
        () -> {
          feed.track(video(CodecPrivateData.EMPTY));
          feed.frame(1, at(START - FRAME), false, slice(99));
          for (int second = 0; second < 3; second++) {
            group(feed, SMALL, START + second * 1000 * MILLI, 25);
          }
          feed.end(Feed.End.SOURCE_ENDED);
        });
    List<FragmentEntry> entries = stored("cam", 3);
    assertThat(entries).hasSize(3);
    for (int i = 0; i < 3; i++) {
      FragmentEntry entry = entries.get(i);
      assertThat(entry.producerTimeNanos()).isEqualTo(START + i * 1000 * MILLI);
      assertThat(entry.durationNanos()).isEqualTo(1000 * MILLI);
      MkvFragment fragment = read("cam", entry);
      assertThat(fragment.frames()).hasSize(25);
      assertThat(fragment.frames().getFirst().data()).isEqualTo(idr(SMALL));
      assertThat(fragment.frames().get(7).data()).isEqualTo(slice(7));
      Track track = fragment.header().tracks().getFirst();
      assertThat(track)
          .as("the setup that travelled in band")
          .isEqualTo(InBandSetup.apply(video(CodecPrivateData.EMPTY), idr(SMALL)));
      assertThat(track.video()).isPresent();

      FragmentTraits traits = FragmentTraits.of(entry.flags());
      assertThat(traits.startsWithKeyframe()).isTrue();
      assertThat(traits.firstOfSession()).isEqualTo(i == 0);
      assertThat(traits.capture().clock()).isEqualTo(ClockSource.CAMERA_NTP);
      assertThat(traits.capture().maxErrorNanos()).isBetween(3 * MILLI, 8 * MILLI);
    }
    List<StreamEvent> events = events("cam", 1);
    assertThat(events).hasSize(1);
    assertThat(events.getFirst().kind()).isEqualTo(GapReason.NO_PRODUCER.code());
    assertThat(events.getFirst().startNanos()).isEqualTo(START + 3000 * MILLI);
  }

  @Test
  void aNewPictureSizeBeginsAFragmentAtOnce() throws Exception {
    byte[] other = SMALL.clone();
    // profile_compatibility flags differ: another setup of the same size
    other[2] = (byte) 0xe0;
    Feed feed = feed("cam");
    run(
        () -> {
          feed.track(video(CodecPrivateData.EMPTY));
          group(feed, SMALL, START, 10);
          group(feed, other, START + 10 * FRAME, 10);
          group(feed, other, START + 20 * FRAME, 10);
          feed.end(Feed.End.CONNECTION_LOST);
        });
    List<FragmentEntry> entries = stored("cam", 2);
    assertThat(entries).as("the same setup again does not cut").hasSize(2);
    assertThat(entries.get(0).formatId()).isNotEqualTo(entries.get(1).formatId());
    CodecPrivateData setup =
        read("cam", entries.get(1)).header().tracks().getFirst().codecPrivate();
    assertThat(AvcConfig.parse(setup.view()).sps().getFirst()).isEqualTo(ByteBuffer.wrap(other));
    assertThat(events("cam", 1).getFirst().kind()).isEqualTo(GapReason.CONNECTION_LOST.code());
  }

  @Test
  void lateSoundJoinsAtAKeyframe() throws Exception {
    Feed feed = feed("cam");
    run(
        () -> {
          feed.track(video(CodecPrivateData.EMPTY));
          group(feed, SMALL, START, 25);
          feed.track(sound());
          feed.frame(2, at(START + 24 * FRAME), true, ByteBuffer.wrap(new byte[] {1}));
          group(feed, SMALL, START + 25 * FRAME, 25);
          feed.frame(2, at(START + 49 * FRAME), true, ByteBuffer.wrap(new byte[] {2}));
          feed.end(Feed.End.SOURCE_ENDED);
        });
    List<FragmentEntry> entries = stored("cam", 2);
    assertThat(read("cam", entries.get(0)).header().tracks()).hasSize(1);
    MkvFragment second = read("cam", entries.get(1));
    assertThat(second.header().tracks()).hasSize(2);
    assertThat(second.frames().stream().filter(frame -> frame.trackNumber() == 2).map(Frame::data))
        .containsExactly(ByteBuffer.wrap(new byte[] {2}));
    assertThat(server.metrics.stream("cam").droppedFrames().sum()).isEqualTo(1);
  }

  @Test
  void firstFramesWaitForTheOtherTracks() throws Exception {
    Feed feed = feed("cam");
    run(
        () -> {
          feed.track(video(CodecPrivateData.EMPTY));
          feed.track(sound());
          group(feed, SMALL, START, 5);
          feed.frame(2, at(START + FRAME), true, ByteBuffer.wrap(new byte[] {1}));
          feed.end(Feed.End.SOURCE_ENDED);
        });
    MkvFragment only = read("cam", stored("cam", 1).getFirst());
    assertThat(only.header().tracks()).hasSize(2);
    assertThat(only.frames()).hasSize(6);
  }

  /** Pictures would change places if a clock that is a little behind took effect among them. */
  @Test
  void aClockThatAgreesButForALittleTakesEffectAtAKeyframeAndIsNoJump() throws Exception {
    Feed feed = feed("cam");
    long behind = -60 * MILLI;
    run(
        () -> {
          feed.track(video(CodecPrivateData.EMPTY));
          feed.frame(
              1, new CaptureTime(START, ClockSource.SERVER, 30 * MILLI, false), true, idr(SMALL));
          feed.frame(
              1,
              new CaptureTime(START + FRAME + behind, ClockSource.CAMERA_NTP, MILLI, false, behind),
              false,
              slice(1));
          for (int i = 2; i < 25; i++) {
            feed.frame(1, at(START + i * FRAME + behind), false, slice(i));
          }
          feed.lost(1, START + 22 * FRAME + behind, START + 25 * FRAME + behind, 1, "late news");
          group(feed, SMALL, START + 25 * FRAME + behind, 10);
          feed.lost(1, START + 23 * FRAME + behind, START + 24 * FRAME + behind, 1, "later news");
          feed.end(Feed.End.SOURCE_ENDED);
        });
    List<FragmentEntry> entries = stored("cam", 2);
    List<Frame> first = read("cam", entries.get(0)).frames();
    for (int i = 0; i < 25; i++) {
      assertThat(first.get(i).ptsNanos()).isEqualTo(START + i * FRAME);
    }
    assertThat(entries.get(1).producerTimeNanos()).isEqualTo(START + 25 * FRAME + behind);
    CaptureTraits before = FragmentTraits.of(entries.get(0).flags()).capture();
    assertThat(before.clock()).isEqualTo(ClockSource.SERVER);
    assertThat(before.maxErrorNanos()).isGreaterThanOrEqualTo(30 * MILLI);
    CaptureTraits after = FragmentTraits.of(entries.get(1).flags()).capture();
    assertThat(after.clock()).isEqualTo(ClockSource.CAMERA_NTP);
    assertThat(after.clockJumped()).isFalse();
    assertThat(events("cam", 3))
        .extracting(
            event -> GapReason.of(event.kind()).orElseThrow(),
            StreamEvent::startNanos,
            StreamEvent::endNanos)
        .containsExactly(
            tuple(GapReason.PACKET_LOSS, START + 22 * FRAME, START + 25 * FRAME + behind),
            tuple(GapReason.PACKET_LOSS, START + 23 * FRAME, START + 24 * FRAME),
            tuple(GapReason.NO_PRODUCER, START + 35 * FRAME + behind, START + 35 * FRAME + behind));
  }

  @Test
  void aClockThatJumpsTakesEffectAtAKeyframeAndIsWrittenDown() throws Exception {
    long ahead = 3_600_000 * MILLI;
    Feed feed = feed("cam");
    run(
        () -> {
          feed.track(video(CodecPrivateData.EMPTY));
          group(feed, SMALL, START, 10);
          feed.frame(1, jumped(START + 10 * FRAME + ahead), false, slice(10));
          feed.frame(1, at(START + 11 * FRAME + ahead), false, slice(11));
          group(feed, SMALL, START + 12 * FRAME + ahead, 10);
          feed.end(Feed.End.SOURCE_ENDED);
        });
    List<FragmentEntry> entries = stored("cam", 2);
    MkvFragment before = read("cam", entries.get(0));
    assertThat(before.frames()).hasSize(12);
    assertThat(before.frames().getLast().ptsNanos()).isEqualTo(START + 11 * FRAME);
    assertThat(entries.get(1).producerTimeNanos()).isEqualTo(START + 12 * FRAME + ahead);
    assertThat(FragmentTraits.of(entries.get(0).flags()).capture().clockJumped()).isFalse();
    assertThat(FragmentTraits.of(entries.get(1).flags()).capture().clockJumped()).isTrue();
    StreamEvent jump = events("cam", 2).getFirst();
    assertThat(jump.kind()).isEqualTo(GapReason.CLOCK_JUMP.code());
    assertThat(jump.startNanos()).isEqualTo(START + 12 * FRAME + ahead);
    assertThat(jump.detail()).contains("+3600.000 s");
  }

  @Test
  void lossesAndHolesAreWrittenDown() throws Exception {
    Feed feed = feed("cam");
    run(
        () -> {
          feed.track(video(CodecPrivateData.EMPTY));
          group(feed, SMALL, START, 10);
          feed.lost(1, START + 10 * FRAME, START + 12 * FRAME, 3, "packets 7 to 9");
          feed.frame(1, at(START + 12 * FRAME), false, slice(12));
          feed.frame(1, at(START + 5000 * MILLI), false, slice(13));
          feed.end(Feed.End.SOURCE_ENDED);
        });
    List<FragmentEntry> entries = stored("cam", 2);
    assertThat(FragmentTraits.of(entries.get(0).flags()).capture().lossy()).isTrue();
    assertThat(FragmentTraits.of(entries.get(1).flags()).capture().lossy()).isFalse();
    List<StreamEvent> events = events("cam", 3);
    assertThat(events.get(0).kind()).isEqualTo(GapReason.PACKET_LOSS.code());
    assertThat(events.get(0).startNanos()).isEqualTo(START + 10 * FRAME);
    assertThat(events.get(0).endNanos()).isEqualTo(START + 12 * FRAME);
    assertThat(events.get(0).count()).isEqualTo(3);
    assertThat(events.get(1).kind()).isEqualTo(GapReason.NO_PRODUCER.code());
    assertThat(events.get(1).endNanos()).isEqualTo(START + 5000 * MILLI);
    assertThat(server.metrics.stream("cam").lostPackets().sum()).isEqualTo(3);
  }

  @Test
  void liveReadersSeeEachFrameAtOnce() throws Exception {
    Feed feed = feed("cam");
    run(
        () -> {
          feed.track(video(CodecPrivateData.EMPTY));
          group(feed, SMALL, START, 3);
        });
    LiveFragment live = server.catalog.fragments("cam").live().next(null);
    assertThat(live).isNotNull();
    int before = live.view().cluster().remaining();
    byte[] shown = new byte[before];
    live.view().cluster().get(shown);
    run(() -> feed.frame(1, at(START + 3 * FRAME), false, slice(3)));
    LiveFragment.View after = live.view();
    assertThat(after.cluster().remaining()).isGreaterThan(before);
    assertThat(after.cluster().slice(0, before)).isEqualTo(ByteBuffer.wrap(shown));
    run(() -> feed.end(Feed.End.SOURCE_ENDED));
    stored("cam", 1);
  }

  @Test
  void aSecondSourceTakesTheStreamOver() throws Exception {
    Feed first = feed("cam");
    run(
        () -> {
          first.track(video(CodecPrivateData.EMPTY));
          group(first, SMALL, START, 3);
        });
    Feed second = feed("cam");
    await().until(() -> closed.size() == 1);
    assertThat(closed.getFirst()).contains("another source");
    run(
        () -> {
          second.track(video(CodecPrivateData.EMPTY));
          group(second, SMALL, START + 1000 * MILLI, 3);
          first.frame(1, at(START + 2000 * MILLI), false, slice(1));
          second.end(Feed.End.SOURCE_ENDED);
        });
    assertThat(stored("cam", 2)).hasSize(2);
  }

  @Test
  void framesWithoutSetupAreNotStoredAndSaidToBe() throws Exception {
    Feed feed = feed("cam");
    run(
        () -> {
          feed.track(video(CodecPrivateData.EMPTY));
          feed.frame(1, at(START), true, units(new byte[] {0x65, 1}));
          feed.frame(1, at(START + FRAME), false, slice(1));
          group(feed, SMALL, START + 2 * FRAME, 2);
          feed.end(Feed.End.SOURCE_ENDED);
        });
    assertThat(stored("cam", 1).getFirst().producerTimeNanos()).isEqualTo(START + 2 * FRAME);
    assertThat(events("cam", 2).getFirst().detail()).contains("no parameter sets");
  }

  private static Track video(String codecId) {
    Track h264 = video(CodecPrivateData.EMPTY);
    return new Track(
        1,
        1,
        h264.type(),
        "",
        codecId,
        CodecPrivateData.EMPTY,
        0,
        Optional.empty(),
        Optional.empty());
  }

  private static ByteBuffer vp8Keyframe(int width, int height) {
    ByteBuffer frame = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    frame.put(new byte[] {0x10, 2, 0, (byte) 0x9d, 1, 0x2a});
    return frame.putShort((short) width).putShort((short) height).putShort((short) 0).flip();
  }

  @Test
  void anotherSizeBeginsAnotherFormat() throws Exception {
    Feed feed = feed("vp8");
    run(
        () -> {
          feed.track(video("V_VP8"));
          feed.frame(1, at(START), true, vp8Keyframe(320, 180));
          feed.frame(1, at(START + FRAME), false, ByteBuffer.wrap(new byte[] {0x11}));
          feed.frame(1, at(START + 1000 * MILLI), true, vp8Keyframe(640, 360));
          feed.frame(1, at(START + 1000 * MILLI + FRAME), true, vp8Keyframe(640, 360));
          feed.end(Feed.End.SOURCE_ENDED);
        });
    List<FragmentEntry> stored = stored("vp8", 2);
    assertThat(stored.get(1).producerTimeNanos()).isEqualTo(START + 1000 * MILLI);
    assertThat(stored.get(0).formatId()).isNotEqualTo(stored.get(1).formatId());
  }

  @Test
  void av1WithoutSequenceHeaderIsSaidToBe() throws Exception {
    Feed feed = feed("av1");
    run(
        () -> {
          feed.track(video("V_AV1"));
          feed.frame(1, at(START), true, ByteBuffer.wrap(new byte[] {0x32, 1, 0x10}));
          feed.end(Feed.End.SOURCE_ENDED);
        });
    assertThat(events("av1", 1).getFirst().detail()).contains("no sequence header");
  }

  @Test
  void limitsAndBadNames() throws Exception {
    Feed feed = feed("cam");
    run(
        () -> {
          for (int number = 1; number <= FeedSettings.defaults().maxTracks(); number++) {
            feed.track(
                new Track(
                    number,
                    number,
                    TrackType.AUDIO,
                    "",
                    "A_OPUS",
                    CodecPrivateData.EMPTY,
                    0,
                    Optional.empty(),
                    Optional.empty()));
          }
        });
    assertThatThrownBy(() -> run(() -> feed.track(video(CodecPrivateData.EMPTY))))
        .hasMessageContaining("more than 8 tracks");
    assertThatThrownBy(() -> feed("no/name"))
        .cause()
        .isInstanceOfSatisfying(
            AwsException.class,
            refused -> assertThat(refused.error()).isEqualTo(AwsError.INVALID_ARGUMENT));
    run(() -> feed.end(Feed.End.SOURCE_ENDED));
  }

  @Test
  void shutdownEndsFeedsWithTheirLastFragment() throws Exception {
    Feed feed = feed("cam");
    run(
        () -> {
          feed.track(video(CodecPrivateData.EMPTY));
          group(feed, SMALL, START, 3);
        });
    server.ingest.drain().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    assertThat(stored("cam", 1)).hasSize(1);
    assertThat(events("cam", 1).getFirst().kind()).isEqualTo(GapReason.SERVER_STOPPED.code());
    assertThat(closed).hasSize(1);
  }
}
