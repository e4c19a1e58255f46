package io.millrace.ingest.webrtc.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RepeatRequestsTest {
  private static final long MILLIS = 1_000_000;

  private final RepeatRequests requests = new RepeatRequests();

  @Test
  void eachIsAskedForAFewTimesWithPauses() {
    assertThat(requests.due(List.of(65_535, 0), 0)).containsExactly(65_535, 0);
    assertThat(requests.due(List.of(65_535, 0, 1), 79 * MILLIS)).containsExactly(1);
    assertThat(requests.due(List.of(65_535), 80 * MILLIS)).containsExactly(65_535);
    for (int i = 2; i < 5; i++) {
      assertThat(requests.due(List.of(65_535), i * 80 * MILLIS)).containsExactly(65_535);
    }
    assertThat(requests.due(List.of(65_535), 5 * 80 * MILLIS)).as("a sixth time").isEmpty();
  }

  @Test
  void whatCameOrWasGivenUpIsForgotten() {
    requests.due(List.of(7), 0);
    assertThat(requests.due(List.of(), MILLIS)).isEmpty();
    assertThat(requests.due(List.of(7), 2 * MILLIS)).as("a later cycle").containsExactly(7);
  }
}
