package io.millrace.datastreams.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TokenBucketTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void givesAsMuchAsTheRateAndNoMore() {
    TokenBucket bucket = new TokenBucket(1000, 0);
    for (int i = 0; i < 1000; i++) {
      assertThat(bucket.tryTake(1, 0)).isTrue();
    }
    assertThat(bucket.tryTake(1, 0)).isFalse();
    assertThat(bucket.tryTake(500, SECOND / 2)).isTrue();
    assertThat(bucket.tryTake(1, SECOND / 2)).isFalse();
  }

  @Test
  void somethingLargerThanASecondsWorthPassesWhenFullAndIsPaidForAfterwards() {
    TokenBucket bucket = new TokenBucket(100, 0);
    assertThat(bucket.tryTake(300, 0)).isTrue();
    assertThat(bucket.tryTake(1, 2 * SECOND)).isFalse();
    assertThat(bucket.waitNanos(SECOND)).isGreaterThanOrEqualTo(SECOND);
    assertThat(bucket.tryTake(1, 3 * SECOND)).isTrue();
  }

  @Test
  void zeroIsWithoutLimit() {
    TokenBucket bucket = new TokenBucket(0, 0);
    bucket.take(1_000_000_000_000L, 0);
    assertThat(bucket.tryTake(1_000_000_000_000L, 0)).isTrue();
    assertThat(bucket.waitNanos(0)).isZero();
  }

  @Test
  void aRecordRefusedForItsBytesTakesNoRecordFromTheBudget() {
    ShardBudget budget = new ShardBudget(new CapacitySettings(100, 2, 0, 0, 0, 0, false), 0);
    assertThat(budget.write(100, 0)).isTrue();
    assertThat(budget.write(50, 0)).isFalse();
    assertThat(budget.write(50, SECOND / 2)).isTrue();
  }
}
