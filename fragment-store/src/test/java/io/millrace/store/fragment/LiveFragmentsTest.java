package io.millrace.store.fragment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.store.StoreException;
import io.millrace.store.StoreMetrics;
import io.millrace.store.fragment.LiveChunk.Kind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Live delivery and its limits. */
class LiveFragmentsTest {
  private static final FragmentNumber ONE = new FragmentNumber(1, 5, 0);
  private static final FragmentNumber TWO = new FragmentNumber(2, 6, 0);
  private final StoreMetrics metrics = new StoreMetrics();
  private final LiveFragments live = new LiveFragments(new LiveSettings(10, 20, 2), metrics);

  private static List<String> all(LiveSubscription subscription) {
    List<String> chunks = new ArrayList<>();
    LiveChunk chunk = subscription.poll();
    while (chunk != null) {
      chunks.add(chunk.number().counter() + chunk.kind().name() + chunk.bytes().remaining());
      chunk = subscription.poll();
    }
    return chunks;
  }

  private void publish(FragmentNumber number, int bytes) {
    live.publish(number, ByteBuffer.allocate(bytes));
  }

  @Test
  void deliversAFragmentAsItGrows() {
    AtomicInteger wakes = new AtomicInteger();
    try (LiveSubscription subscription = live.subscribe(wakes::incrementAndGet)) {
      publish(ONE, 3);
      publish(ONE, 4);
      assertThat(wakes).hasValue(1);
      assertThat(all(subscription)).containsExactly("1BYTES3", "1BYTES4");
      live.end(ONE, true);
      assertThat(wakes).hasValue(2);
      assertThat(all(subscription)).containsExactly("1COMPLETE0");
    }
    publish(TWO, 3);
    assertThat(wakes).hasValue(2);
  }

  @Test
  void beginsWithWhatIsOpen() {
    publish(ONE, 3);
    live.end(ONE, false);
    publish(TWO, 4);
    LiveSubscription late = live.subscribe(() -> {});
    publish(TWO, 5);
    assertThat(all(late)).containsExactly("2BYTES4", "2BYTES5");
  }

  @Test
  void losesTheFragmentsOfASlowSubscriberAndSaysSo() {
    LiveSubscription slow = live.subscribe(() -> {});
    publish(ONE, 10);
    assertThat(metrics.liveChunksLost.sum()).as("at the limit").isZero();
    publish(ONE, 1);
    assertThat(metrics.liveChunksLost.sum()).as("one beyond").isEqualTo(2);
    publish(ONE, 1);
    live.end(ONE, true);
    publish(TWO, 2);
    assertThat(all(slow)).containsExactly("1LOST0", "2BYTES2");
  }

  @Test
  void keepsNoMoreOfAnOpenFragmentThanItsLimit() {
    publish(ONE, 20);
    publish(ONE, 1);
    LiveSubscription late = live.subscribe(() -> {});
    publish(ONE, 1);
    live.end(ONE, true);
    assertThat(all(late)).containsExactly("1" + Kind.LOST + "0");
  }

  @Test
  void takesSoManySubscribersAndNoMore() {
    LiveSubscription first = live.subscribe(() -> {});
    live.subscribe(() -> {});
    assertThatThrownBy(() -> live.subscribe(() -> {}))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.BUSY));
    first.close();
    assertThat(live.subscribe(() -> {}).poll()).isNull();
  }
}
