package io.millrace.store.segment;

import io.millrace.store.segment.file.LaneState;
import io.millrace.store.shard.Position;
import org.jspecify.annotations.Nullable;

/** One shard of a lane; its lane's writer thread changes it. */
final class Shard {
  private final int number;
  private volatile boolean sealed;
  private volatile Position start;
  private volatile int claim;
  private volatile @Nullable String owner;

  Shard(int number, LaneState.Shard state) {
    this.number = number;
    this.sealed = state.sealed();
    this.start = state.start();
  }

  int number() {
    return number;
  }

  boolean sealed() {
    return sealed;
  }

  /** Nothing before it is readable. */
  Position start() {
    return start;
  }

  /** Number of the claim that may write. */
  int claim() {
    return claim;
  }

  /** Makes every former claim void. */
  int claimBy(String node) {
    owner = node;
    return claimNext();
  }

  private synchronized int claimNext() {
    int next = claim + 1;
    claim = next;
    return next;
  }

  @Nullable String owner() {
    return owner;
  }

  void state(LaneState.Shard next) {
    sealed = next.sealed();
    start = next.start();
  }

  LaneState.Shard state() {
    return new LaneState.Shard(sealed, start);
  }
}
