package io.millrace.ingest.feed;

import static org.awaitility.Awaitility.await;

import io.millrace.ingest.IngestServer;
import io.millrace.ingest.rtp.clock.CaptureTime;
import io.millrace.media.mkv.MkvFragment;
import io.millrace.media.track.ClockSource;
import io.millrace.media.track.CodecPrivateData;
import io.millrace.media.track.Track;
import io.millrace.media.track.Track.AudioFormat;
import io.millrace.media.track.Track.TrackType;
import io.millrace.store.fragment.FragmentEntry;
import io.millrace.store.fragment.FragmentLog;
import io.millrace.store.fragment.StreamEvent;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
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
import org.junit.jupiter.api.io.TempDir;

/** Feeds of small pictures and sound into a real store, and what is in it then. */
abstract class FeedsOfAStore {
  static final long MILLI = 1_000_000L;
  static final long START = 1_750_000_000_000L * MILLI;
  static final long FRAME = 40 * MILLI;
  static final HexFormat HEX = HexFormat.of();

  /** A Baseline SPS. */
  static final byte[] SMALL = HEX.parseHex("6742c00ad90203610000030001000003003c8f1226e0");

  static final byte[] PPS = HEX.parseHex("68cb8cb2");

  @TempDir Path data;
  IngestServer server;
  Context context;
  final List<String> closed = new ArrayList<>();

  @BeforeEach
  void open() throws Exception {
    server = IngestServer.open(data);
    context = server.vertx.getOrCreateContext();
  }

  @AfterEach
  void close() throws Exception {
    server.close();
  }

  Feed feed(String stream) throws Exception {
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

  <T> T onLoop(Callable<T> work) throws Exception {
    Future<T> done = Future.future(promise -> context.runOnContext(go -> run(work, promise)));
    return done.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  static <T> void run(Callable<T> work, io.vertx.core.Promise<T> promise) {
    try {
      promise.complete(work.call());
    } catch (Exception e) {
      promise.fail(e);
    }
  }

  void run(Runnable work) throws Exception {
    var unused =
        onLoop(
            () -> {
              work.run();
              return true;
            });
  }

  static Track video(CodecPrivateData setup) {
    return new Track(
        1, 1, TrackType.VIDEO, "", "V_MPEG4/ISO/AVC", setup, 0, Optional.empty(), Optional.empty());
  }

  static Track sound() {
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

  static CaptureTime at(long nanos) {
    return new CaptureTime(nanos, ClockSource.CAMERA_NTP, 3 * MILLI, false);
  }

  static CaptureTime jumped(long nanos) {
    return new CaptureTime(nanos, ClockSource.CAMERA_NTP, 3 * MILLI, true);
  }

  static ByteBuffer units(byte[]... units) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] unit : units) {
      out.writeBytes(ByteBuffer.allocate(4).putInt(unit.length).array());
      out.writeBytes(unit);
    }
    return ByteBuffer.wrap(out.toByteArray());
  }

  static ByteBuffer idr(byte[] sps) {
    return units(sps, PPS, new byte[] {0x65, 1, 2, 3});
  }

  static ByteBuffer slice(int number) {
    return units(new byte[] {0x41, (byte) number, 7, 7, 7});
  }

  /** A group of pictures: a keyframe and others 40 ms apart. */
  static void group(Feed feed, byte[] sps, long startNanos, int pictures) {
    feed.frame(1, at(startNanos), true, idr(sps));
    for (int i = 1; i < pictures; i++) {
      feed.frame(1, at(startNanos + i * FRAME), false, slice(i));
    }
  }

  List<FragmentEntry> stored(String stream, int count) {
    FragmentLog log = server.catalog.fragments(stream);
    await().atMost(Duration.ofSeconds(10)).until(() -> log.newest(100).size() >= count);
    return log.newest(100);
  }

  List<StreamEvent> events(String stream, int count) {
    FragmentLog log = server.catalog.fragments(stream);
    await().atMost(Duration.ofSeconds(10)).until(() -> events(log).size() >= count);
    return events(log);
  }

  static List<StreamEvent> events(FragmentLog log) {
    return log.events()
        .find(Long.MIN_VALUE, Long.MAX_VALUE, 10_000)
        .toCompletableFuture()
        .orTimeout(10, TimeUnit.SECONDS)
        .join();
  }

  MkvFragment read(String stream, FragmentEntry entry) throws Exception {
    return MkvFragment.parse(
        server
            .catalog
            .fragments(stream)
            .read(entry)
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS));
  }
}
