package io.millrace.ingest.rtp.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingest.rtp.clock.CaptureTime;
import io.millrace.ingest.rtp.payload.AccessUnit;
import io.millrace.media.track.ClockSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pictures in the order they are coded, some of which are lost in part or as a whole. */
class ReorderedLossTest {
  private static final long START = 1_700_000_000_000_000_000L;
  private static final long FRAME = 40_000_000;
  private static final int FRAMES = 1000;
  private static final int CLOCK_RATE = 90_000;

  private record Hole(long from, long to) {}

  private final List<Hole> holes = new ArrayList<>();
  private final LossSpans spans =
      new LossSpans(
          CLOCK_RATE,
          new ReceiverListener() {
            @Override
            public void frame(AccessUnit unit, CaptureTime time) {}

            @Override
            public void lost(long fromNanos, long toNanos, int packets, String reason) {
              assertThat(packets).isPositive();
              holes.add(new Hole(fromNanos, toNanos));
            }

            @Override
            public void keyframeWanted() {}
          });

  /** Numbers as shown, in coding order: a picture, then those shown before it. */
  private static List<Integer> coded(int group) {
    List<Integer> order = new ArrayList<>(List.of(0));
    for (int last = group; order.size() < FRAMES; last += group) {
      order.add(last);
      for (int i = last - group + 1; i < last; i++) {
        order.add(i);
      }
    }
    return order;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void whatIsMissingIsToldAndNothingElse(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Integer> order = coded(2 + (int) (seed % 3));
    boolean[] got = new boolean[FRAMES + 8];
    int outage = 500 + random.nextInt(20);
    for (int i = 0; i < order.size(); i++) {
      int number = order.get(i);
      // The camera's times are rounded, and its clock is a little off.
      long at = START + number * FRAME + random.nextLong(400_000);
      boolean out = i >= outage && i < outage + 100;
      boolean calm = i < 20 || i > order.size() - 20;
      if (out || !calm && random.nextInt(30) == 0) {
        spans.packetsLost(1);
        if (!out && random.nextBoolean()) {
          spans.frameDropped(ticks(at), "a part is missing");
        }
        continue;
      }
      got[number] = true;
      spans.frame(new CaptureTime(at, ClockSource.CAMERA_NTP, 0, false), ticks(at));
    }
    spans.end();
    for (int number = 0; number < order.getLast() - 4; number++) {
      long at = START + number * FRAME;
      boolean told =
          holes.stream()
              .anyMatch(hole -> hole.from() - FRAME / 2 < at && at < hole.to() - FRAME / 2);
      assertThat(told)
          .as("picture %d is stored or called missing, not both: %s", number, holes)
          .isNotEqualTo(got[number]);
    }
  }

  private static long ticks(long at) {
    return (at - START) * 90 / 1_000_000;
  }

  private void frame(long at, boolean jumped) {
    spans.frame(new CaptureTime(at, ClockSource.CAMERA_NTP, 0, jumped), ticks(at));
  }

  private void whole(int group, int frames) {
    coded(group).subList(0, frames).forEach(number -> frame(START + number * FRAME, false));
  }

  @Test
  void whatIsLostLastIsLookedForAmongWhatCame() {
    whole(3, 31);
    frame(START + 33 * FRAME, false);
    spans.packetsLost(2);
    spans.end();
    assertThat(holes).containsExactly(new Hole(START + 31 * FRAME, START + 33 * FRAME));
  }

  /** The few pictures of the new source lie further apart than before, since some are missing. */
  @Test
  void aSourceThatBeganAnewAndSoonEndsIsMeasuredByWhatItWas() {
    whole(3, 31);
    long start = START + 1000 * FRAME;
    spans.begunAnew();
    frame(start, true);
    frame(start + FRAME, false);
    holes.clear();
    for (int number : new int[] {4, 2, 6}) {
      spans.packetsLost(1);
      frame(start + number * FRAME, false);
    }
    spans.end();
    assertThat(holes)
        .containsExactlyInAnyOrder(
            new Hole(start + 3 * FRAME, start + 4 * FRAME),
            new Hole(start + 5 * FRAME, start + 6 * FRAME));
  }
}
