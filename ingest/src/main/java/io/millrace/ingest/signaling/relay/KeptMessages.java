package io.millrace.ingest.signaling.relay;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Messages to a master that is not there yet, until they expire. Bounded by number, and by bytes
 * with all others of the server. Not thread-safe.
 */
final class KeptMessages {
  /** About what a message takes besides its texts. */
  private static final int OVERHEAD_BYTES = 128;

  private record Kept(String sender, MessageType type, String payload, long expiresNanos) {
    long bytes() {
      return OVERHEAD_BYTES + (long) sender.length() + payload.length();
    }
  }

  private final int maxMessages;
  private final long maxBytes;
  private final AtomicLong bytesOfAll;
  private final SignalingMetrics metrics;
  private final Deque<Kept> messages = new ArrayDeque<>();

  /**
   * @param maxBytes of all
   * @param bytesOfAll what is kept by all of the server
   */
  KeptMessages(int maxMessages, long maxBytes, AtomicLong bytesOfAll, SignalingMetrics metrics) {
    this.maxMessages = maxMessages;
    this.maxBytes = maxBytes;
    this.bytesOfAll = bytesOfAll;
    this.metrics = metrics;
  }

  /**
   * Keeps a message. An offer or answer that its sender sent before is not worth keeping then.
   *
   * @return whether there was room
   */
  boolean keep(String sender, MessageType type, String payload, long nowNanos, int ttlSeconds) {
    expire(nowNanos);
    if (type != MessageType.ICE_CANDIDATE) {
      removeEarlier(sender, type);
    }
    Kept kept = new Kept(sender, type, payload, nowNanos + ttlSeconds * 1_000_000_000L);
    if (messages.size() >= maxMessages) {
      return false;
    }
    if (bytesOfAll.addAndGet(kept.bytes()) > maxBytes) {
      bytesOfAll.addAndGet(-kept.bytes());
      return false;
    }
    messages.addLast(kept);
    metrics.keptMessages.increment();
    return true;
  }

  private void removeEarlier(String sender, MessageType type) {
    for (Iterator<Kept> all = messages.iterator(); all.hasNext(); ) {
      Kept kept = all.next();
      if (kept.type == type && kept.sender.equals(sender)) {
        all.remove();
        bytesOfAll.addAndGet(-kept.bytes());
      }
    }
  }

  /** Everything that has not expired, as it is to be sent, oldest first; it is not kept on. */
  List<String> take(long nowNanos) {
    expire(nowNanos);
    List<String> texts = new ArrayList<>();
    for (@Nullable Kept kept = messages.pollFirst(); kept != null; kept = messages.pollFirst()) {
      bytesOfAll.addAndGet(-kept.bytes());
      texts.add(ServerMessage.of(kept.sender, kept.type, kept.payload));
    }
    return texts;
  }

  /** Drops what nobody came for in time; a channel's TTL may have changed between messages. */
  void expire(long nowNanos) {
    for (Iterator<Kept> all = messages.iterator(); all.hasNext(); ) {
      Kept kept = all.next();
      if (kept.expiresNanos - nowNanos <= 0) {
        all.remove();
        bytesOfAll.addAndGet(-kept.bytes());
        metrics.expiredMessages.increment();
      }
    }
  }

  /** Drops everything. */
  void clear() {
    messages.forEach(kept -> bytesOfAll.addAndGet(-kept.bytes()));
    messages.clear();
  }

  boolean isEmpty() {
    return messages.isEmpty();
  }
}
