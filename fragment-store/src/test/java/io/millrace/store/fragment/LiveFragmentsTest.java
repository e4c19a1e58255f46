package io.millrace.store.fragment;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.store.fragment.LiveFragment.State;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Fragments that are not durable yet. */
class LiveFragmentsTest {
  private final LiveFragments live = new LiveFragments();
  private final AtomicLong counter = new AtomicLong();

  private LiveFragment open() {
    return live.open(() -> new FragmentNumber(counter.incrementAndGet(), 5, 0), 7);
  }

  private static void grow(LiveFragment fragment, String bytes, int headBytes, int sizeBytes) {
    fragment.grow(bytes.getBytes(StandardCharsets.US_ASCII), headBytes, sizeBytes);
  }

  private static String shown(LiveFragment fragment) {
    LiveFragment.View view = fragment.view();
    return "%s %s/%s/%s"
        .formatted(view.state(), text(view.head()), text(view.cluster()), text(view.lateTags()));
  }

  private static String text(ByteBuffer bytes) {
    return StandardCharsets.US_ASCII.decode(bytes).toString();
  }

  @Test
  void showsWhatHasComeAndNotWhatLiesBehind() {
    LiveFragment fragment = open();
    assertThat(shown(fragment)).isEqualTo("GROWING //");
    grow(fragment, "HEclusterX", 2, 4);
    assertThat(shown(fragment)).isEqualTo("GROWING HE/cl/");
    grow(fragment, "HEclusterX", 2, 9);
    assertThat(shown(fragment)).isEqualTo("GROWING HE/cluster/");
    fragment.complete(ByteBuffer.wrap("HEtagscluster".getBytes(StandardCharsets.US_ASCII)));
    assertThat(shown(fragment)).isEqualTo("COMPLETE HE/cluster/tags");
  }

  @Test
  void keepsAFragmentUntilTheLogHasIt() {
    LiveFragment one = open();
    LiveFragment two = open();
    assertThat(live.next(null)).isSameAs(one);
    assertThat(live.next(one.number())).isSameAs(two);
    assertThat(live.next(two.number())).isNull();
    one.complete(ByteBuffer.allocate(0));
    assertThat(live.next(null)).as("complete, not durable").isSameAs(one);
    live.settled(one.number());
    assertThat(live.next(null)).isSameAs(two);
    two.abort();
    assertThat(live.next(null)).isNull();
    assertThat(two.view().state()).isEqualTo(State.ABORTED);
  }

  @Test
  void wakesOnceForEachTimeItWasAsked() {
    AtomicInteger wakes = new AtomicInteger();
    LiveSubscription subscription = live.subscribe(wakes::incrementAndGet);
    LiveFragment fragment = open();
    assertThat(wakes).as("not asked").hasValue(0);
    subscription.arm();
    grow(fragment, "HE", 1, 2);
    grow(fragment, "HEc", 1, 3);
    assertThat(wakes).hasValue(1);
    subscription.arm();
    fragment.abort();
    assertThat(wakes).hasValue(2);
    subscription.arm();
    subscription.close();
    open();
    assertThat(wakes).hasValue(2);
  }
}
