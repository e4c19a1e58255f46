package io.millrace.store.segment;

import io.millrace.store.segment.file.LaneState;
import io.millrace.store.segment.memory.ShardTail;
import io.millrace.store.shard.Position;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** One shard of a lane; its lane's writer thread changes it. */
final class Shard {
  private final int number;
  private final ShardTail tail;
  private final ShardSignal signal;
  private volatile boolean sealed;
  private volatile Position start;
  private volatile int claim;
  private volatile @Nullable String owner;

  /**
   * @param end behind all records it can have
   * @param completions where those who wait for it are told
   */
  Shard(int number, LaneState.Shard state, Position end, Executor completions) {
    Position ended = state.end();
    this.number = number;
    this.sealed = state.sealed();
    this.start = state.start();
    this.tail = new ShardTail(ended == null ? end : ended);
    this.signal = new ShardSignal(completions);
  }

  int number() {
    return number;
  }

  /** Its newest records. */
  ShardTail tail() {
    return tail;
  }

  /** Who waits for more. */
  ShardSignal signal() {
    return signal;
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
    start = next.start();
    sealed = next.sealed();
  }

  /** What is to be kept of it; the end is kept of sealed ones only, others can still grow. */
  LaneState.Shard state() {
    return new LaneState.Shard(sealed, start, sealed ? tail.end() : null);
  }

  /** What is to be kept of it when it is sealed. */
  LaneState.Shard sealedState() {
    return new LaneState.Shard(true, start, tail.end());
  }

  /** What is to be kept of it when it begins later. */
  LaneState.Shard truncatedState(Position before) {
    return new LaneState.Shard(sealed, before, sealed ? tail.end() : null);
  }
}
