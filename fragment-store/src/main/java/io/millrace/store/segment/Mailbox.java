package io.millrace.store.segment;

import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Requests on their way to a writer thread. Bounded by the {@link QueueBudget} of its writer.
 * Waiting ignores interrupts: they would close the file that is being written.
 */
final class Mailbox {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrival = lock.newCondition();
  private final ArrayDeque<LaneRequest> requests = new ArrayDeque<>();
  private boolean closed;

  /** Takes a request; false when closed. */
  boolean offer(LaneRequest request) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      requests.addLast(request);
      if (requests.size() == 1) {
        arrival.signal();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Moves everything out.
   *
   * @param wait whether to wait for a first one
   * @return false when closed and empty
   */
  boolean drain(ArrayDeque<LaneRequest> target, boolean wait) {
    lock.lock();
    try {
      while (wait && requests.isEmpty() && !closed) {
        arrival.awaitUninterruptibly();
      }
      target.addAll(requests);
      requests.clear();
      return !closed || !target.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      arrival.signal();
    } finally {
      lock.unlock();
    }
  }
}
