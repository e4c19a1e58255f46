package io.millrace.ingest.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.ingest.feed.CameraStory.Packet;
import io.millrace.ingest.feed.CameraStory.Sent;
import io.millrace.ingest.rtp.clock.CaptureClock;
import io.millrace.ingest.rtp.clock.CaptureTime;
import io.millrace.ingest.rtp.clock.ClockSettings;
import io.millrace.ingest.rtp.payload.AccessUnit;
import io.millrace.ingest.rtp.payload.PayloadFormats;
import io.millrace.ingest.rtp.receive.ReceiverListener;
import io.millrace.ingest.rtp.receive.ReceiverSettings;
import io.millrace.ingest.rtp.receive.RtpReceiver;
import io.millrace.media.mkv.MkvFragment;
import io.millrace.media.track.Frame;
import io.millrace.media.track.GapReason;
import io.millrace.store.fragment.FragmentEntry;
import io.millrace.store.fragment.FragmentLog;
import io.millrace.store.fragment.StreamEvent;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Cameras behind a bad network whose time runs as fast as it can be simulated, into a real store:
 * each frame is stored, or lies in a hole that the stream's events tell of; and where they tell of
 * one something is missing. {@code -Dfeed.lives=5000 -Dfeed.seed=1} lives others.
 */
class FeedSimulationTest extends FeedsOfAStore {
  private static final int LIVES = Integer.getInteger("feed.lives", 80);
  private static final long SEED = Long.getLong("feed.seed", 1);
  private static final long TICK = 40 * MILLI;

  /** Clocks of less difference are one clock. */
  private static final long SAME_CLOCK = FRAME / 2;

  private record Stored(int id, long nanos) {}

  private record Hole(long from, long to, String detail) {
    boolean goesOn(Hole next) {
      return Math.abs(next.from() - to) < 1000 && next.detail().equals(detail);
    }

    /** Nobody knows what the camera sent before it was switched off, perhaps nothing. */
    boolean mayBeEmpty() {
      return detail.contains("began anew");
    }
  }

  private static RtpReceiver receiver(Feed feed) {
    return new RtpReceiver(
        CameraStory.FORMAT,
        ReceiverSettings.datagrams(),
        new CaptureClock(CameraStory.FORMAT.clockRate(), ClockSettings.defaults()),
        new ReceiverListener() {
          @Override
          public void frame(AccessUnit unit, CaptureTime time) {
            feed.frame(1, time, unit.keyframe(), unit.data());
          }

          @Override
          public void lost(long from, long to, int packets, String reason) {
            feed.lost(1, from, to, packets, reason);
          }

          @Override
          public void keyframeWanted() {}
        });
  }

  private static void deliver(List<Packet> packets, Feed feed) {
    feed.track(PayloadFormats.track(1, CameraStory.FORMAT));
    RtpReceiver receiver = receiver(feed);
    packets.sort(Comparator.comparingLong(Packet::atNanos));
    long tick = 0;
    for (Packet packet : packets) {
      for (; tick < packet.atNanos(); tick += TICK) {
        receiver.tick(tick);
      }
      ByteBuffer bytes = ByteBuffer.wrap(packet.bytes());
      if (packet.control()) {
        receiver.rtcp(bytes, packet.atNanos(), START + packet.atNanos());
      } else {
        receiver.packet(bytes, packet.atNanos(), START + packet.atNanos());
      }
    }
    receiver.end();
    feed.end(Feed.End.SOURCE_ENDED);
  }

  /** What does not fit between what was sent, stored and told. */
  private List<String> live(String stream, long seed) throws Exception {
    CameraStory story = CameraStory.of(seed);
    Feed feed = feed(stream);
    run(() -> deliver(story.packets(), feed));
    FragmentLog log = server.catalog.fragments(stream);
    await()
        .pollInterval(Duration.ofMillis(5))
        .until(
            () -> events(log).stream().anyMatch(event -> reason(event) == GapReason.NO_PRODUCER));
    assertThat(closed).isEmpty();
    return complaints(story.sent(), stored(log), holes(log));
  }

  private static GapReason reason(StreamEvent event) {
    return GapReason.of(event.kind()).orElseThrow();
  }

  private static Map<Integer, Stored> stored(FragmentLog log) throws Exception {
    Map<Integer, Stored> stored = new HashMap<>();
    for (FragmentEntry entry : log.newest(1000)) {
      ByteBuffer payload = log.read(entry).toCompletableFuture().get(10, TimeUnit.SECONDS);
      for (Frame frame : MkvFragment.parse(payload).frames()) {
        int id = CameraStory.id(frame.data());
        assertThat(stored.put(id, new Stored(id, frame.ptsNanos()))).isNull();
      }
    }
    return stored;
  }

  /** A long hole is told in two parts that touch. */
  private static List<Hole> holes(FragmentLog log) {
    List<Hole> holes = new ArrayList<>();
    for (StreamEvent event : events(log)) {
      if (reason(event) != GapReason.PACKET_LOSS && reason(event) != GapReason.DECODE_TROUBLE) {
        continue;
      }
      Hole hole = new Hole(event.startNanos(), event.endNanos(), event.detail());
      if (!holes.isEmpty() && holes.getLast().goesOn(hole)) {
        hole = new Hole(holes.removeLast().from(), hole.to(), hole.detail());
      }
      holes.add(hole);
    }
    return holes;
  }

  private static List<String> complaints(
      List<Sent> sent, Map<Integer, Stored> stored, List<Hole> holes) {
    List<String> complaints = new ArrayList<>();
    List<Sent> shown = new ArrayList<>(sent);
    shown.sort(Comparator.comparingInt(Sent::life).thenComparingLong(Sent::shown));
    List<Hole> unexplained = new ArrayList<>(holes);
    int last = -1;
    for (int i = 0; i < shown.size(); i++) {
      Stored there = stored.get(shown.get(i).id());
      if (there == null) {
        continue;
      }
      if (last >= 0) {
        Stored before = stored.get(shown.get(last).id());
        boolean anew = shown.get(last).life() != shown.get(i).life();
        Between between = new Between(before.nanos(), there.nanos(), i - last, anew);
        unexplained.removeIf(between::explains);
        for (long at : between.missing()) {
          if (holes.stream().noneMatch(hole -> isIn(at, hole))) {
            complaints.add("missing at %d and in no hole: %s".formatted(at, between));
          }
        }
      }
      last = i;
    }
    unexplained.forEach(hole -> complaints.add("nothing is missing in " + hole));
    return complaints;
  }

  private static boolean isIn(long at, Hole hole) {
    return at >= hole.from() - FRAME / 2 && at <= hole.to() + FRAME / 2;
  }

  /**
   * What lies between two stored frames that follow each other as shown.
   *
   * @param steps how many frames the second was sent after the first, as shown
   * @param anew whether the camera began anew between them
   */
  private record Between(long from, long to, int steps, boolean anew) {
    private boolean anotherClock() {
      return anew || Math.abs(to - from - steps * FRAME) > SAME_CLOCK;
    }

    /** Times of the frames that are missing; what a camera sent last nobody can say. */
    List<Long> missing() {
      List<Long> times = new ArrayList<>();
      long step = anotherClock() ? FRAME : (to - from) / steps;
      for (int i = 1; i < (anew ? Math.min(2, steps) : steps); i++) {
        long at = from + i * step;
        // A clock that goes on a little earlier leaves no room for some of them.
        if (anew || to < from || at < to) {
          times.add(at);
        }
      }
      return times;
    }

    boolean explains(Hole hole) {
      if (anew && hole.mayBeEmpty()) {
        return Math.abs(hole.from() - from) < 4 * FRAME;
      }
      long latest = Math.max(to, from + (anew ? 3 : steps) * FRAME);
      return steps > 1
          && hole.from() > from + FRAME / 4
          && hole.from() < latest
          && (anotherClock() || hole.to() < to + FRAME / 2);
    }
  }

  @Test
  void whatIsMissingIsToldAndNothingElse() throws Exception {
    List<String> complaints = new ArrayList<>();
    for (int i = 0; i < LIVES; i++) {
      long seed = SEED + i;
      live("camera" + i, seed).forEach(each -> complaints.add("seed " + seed + ": " + each));
    }
    assertThat(complaints).isEmpty();
  }
}
