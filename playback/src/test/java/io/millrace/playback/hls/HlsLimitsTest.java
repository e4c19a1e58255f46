package io.millrace.playback.hls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.AwsException;
import io.millrace.store.fragment.FragmentEntry;
import io.millrace.store.fragment.FragmentNumber;
import io.millrace.store.fragment.FragmentQuery.TimeAxis;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Limits of the small parts, at the limit and one beyond. */
final class HlsLimitsTest {
  private static final Breaks BREAKS =
      new Breaks(DiscontinuityMode.ON_DISCONTINUITY, Duration.ofMillis(50));

  private static FragmentEntry entry(long counter, long producerMillis, int format) {
    return new FragmentEntry(
        new FragmentNumber(counter, 1, 1),
        producerMillis * 1_000_000,
        producerMillis,
        2_000_000_000L,
        1000,
        format,
        0);
  }

  @Test
  void aSessionGoesThroughSoManyFormats() {
    SessionFormats formats = new SessionFormats(500);
    for (int i = 0; i < 500; i++) {
      assertThat(formats.placeOf(entry(i, 0, i))).isEqualTo(i);
    }
    assertThat(formats.placeOf(entry(1, 0, 7))).isEqualTo(7);
    assertThatThrownBy(() -> formats.placeOf(entry(1, 0, 500)))
        .isInstanceOf(AwsException.class)
        .hasMessageContaining("500 times");
    assertThat(formats.example(499).formatId()).isEqualTo(499);
    assertThatThrownBy(() -> formats.example(500)).isInstanceOf(AwsException.class);
  }

  @Test
  void aWindowCountsWhatLeavesIt() {
    LiveWindow window = new LiveWindow(3, TimeAxis.PRODUCER, BREAKS, new SessionFormats(10), 4);
    for (int i = 0; i < 3; i++) {
      window.add(entry(i + 1, 2_000L * i, 1));
    }
    assertThat(window.mediaSequence()).isZero();
    window.add(entry(4, 9_000, 1));
    assertThat(window.mediaSequence()).isEqualTo(1);
    assertThat(window.listed().getLast().discontinuity()).isTrue();
    assertThat(window.discontinuitySequence()).isZero();
    window.add(entry(4, 11_000, 1));
    assertThat(window.mediaSequence()).as("a number seen before").isEqualTo(1);
    window.add(entry(5, 9_000, 1));
    assertThat(window.mediaSequence()).as("a producer time seen before").isEqualTo(1);
    for (int i = 6; i < 10; i++) {
      window.add(entry(i, 11_000 + 2_000L * (i - 6), 1));
    }
    assertThat(window.mediaSequence()).isEqualTo(5);
    assertThat(window.discontinuitySequence()).isEqualTo(1);
    window.add(entry(10, 9_000, 1));
    assertThat(window.mediaSequence()).as("times are remembered for a while only").isEqualTo(6);
  }

  private static SegmentCache.Key key(int number) {
    return new SegmentCache.Key("s/1", Integer.toString(number), 1);
  }

  private static Future<Segment> segment(int bytes) {
    return Future.succeededFuture(new Segment(entry(1, 0, 1), Buffer.buffer(new byte[bytes])));
  }

  @Test
  void theSegmentCacheIsBoundedInBytes() {
    SegmentCache cache = new SegmentCache(1000);
    for (int i = 0; i < 4; i++) {
      cache.get(key(i), () -> segment(250));
    }
    assertThat(cache.sizeBytes()).isEqualTo(1000);
    assertThat(cache.peek(key(0))).isPresent();
    cache.get(key(9), () -> segment(1));
    assertThat(cache.peek(key(1))).as("least recently used").isEmpty();
    assertThat(cache.peek(key(0))).isPresent();
    assertThat(cache.sizeBytes()).isEqualTo(751);
    cache.get(key(10), () -> segment(1001));
    assertThat(cache.peek(key(10))).as("larger than the whole cache").isEmpty();
  }

  @Test
  void viewersShareABuildAndAFailedOneIsForgotten() {
    SegmentCache cache = new SegmentCache(1000);
    Promise<Segment> building = Promise.promise();
    List<Future<Segment>> viewers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      viewers.add(cache.get(key(1), building::future));
    }
    building.fail("gone");
    assertThat(viewers).allMatch(Future::failed);
    assertThat(cache.get(key(1), () -> segment(5)).succeeded()).isTrue();
    assertThat(cache.peek(key(1))).isPresent();
  }
}
