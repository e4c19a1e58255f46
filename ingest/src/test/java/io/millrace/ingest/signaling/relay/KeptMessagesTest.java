package io.millrace.ingest.signaling.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class KeptMessagesTest {
  private static final long SECOND = 1_000_000_000;

  private final AtomicLong bytes = new AtomicLong();
  private final SignalingMetrics metrics = new SignalingMetrics();
  private final KeptMessages kept = new KeptMessages(10, 10_000, bytes, metrics);

  @Test
  void eachMessageHasTheTimeOfItsOwn() {
    assertThat(kept.keep("v", MessageType.ICE_CANDIDATE, "long", 0, 60)).isTrue();
    assertThat(kept.keep("v", MessageType.ICE_CANDIDATE, "short", 0, 5)).isTrue();
    kept.expire(5 * SECOND - 1);
    assertThat(metrics.expiredMessages.sum()).isZero();
    assertThat(kept.take(5 * SECOND)).singleElement().asString().contains("long");
    assertThat(metrics.expiredMessages.sum()).isEqualTo(1);
    assertThat(bytes).hasValue(0);
    assertThat(kept.isEmpty()).isTrue();
  }

  @Test
  void nothingStaysOfWhatWasCleared() {
    kept.keep("v", MessageType.SDP_OFFER, "x", 0, 60);
    kept.clear();
    assertThat(bytes).hasValue(0);
    assertThat(kept.take(0)).isEmpty();
  }
}
