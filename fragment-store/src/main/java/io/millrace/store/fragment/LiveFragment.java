package io.millrace.store.fragment;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A fragment from its first byte until it is durable. It grows where its producer collects it:
 * readers look at the same bytes at their own pace, and a slow one holds this fragment in memory
 * but no queue of pieces. Nothing of it is durable. Thread-safe; one thread writes.
 */
public final class LiveFragment {
  /** How far a fragment is. */
  public enum State {
    /** More bytes may come. */
    GROWING,
    /** It is whole and on its way to the disk. */
    COMPLETE,
    /** It was torn or refused; it will never be in the log. */
    ABORTED
  }

  /**
   * A fragment as it was at one moment. The buffers are read-only views of the producer's bytes,
   * which do not change any more, and stay valid for as long as they are reachable.
   *
   * @param state how far it is
   * @param head header part of the document and the tags before the Cluster, empty before the first
   *     bytes of the Cluster are there
   * @param cluster bytes of the Cluster that have come, from its first byte
   * @param lateTags tags of the fragment that came after its Cluster; only where it is complete
   */
  public record View(State state, ByteBuffer head, ByteBuffer cluster, ByteBuffer lateTags) {}

  private final LiveFragments owner;
  private final FragmentNumber number;
  private final long producerTimeNanos;
  private State state = State.GROWING;
  private byte[] bytes = {};
  private int headBytes;
  private int sizeBytes;
  private @Nullable ByteBuffer payload;

  LiveFragment(LiveFragments owner, FragmentNumber number, long producerTimeNanos) {
    this.owner = owner;
    this.number = number;
    this.producerTimeNanos = producerTimeNanos;
  }

  /** Its number, which it keeps in the log. */
  public FragmentNumber number() {
    return number;
  }

  /** Producer timestamp as in {@link FragmentEntry}. */
  public long producerTimeNanos() {
    return producerTimeNanos;
  }

  /**
   * Shows more bytes.
   *
   * @param bytes head and Cluster; <em>shared</em>: what was shown must not change, what lies
   *     behind it may. A later call may bring another array with the same bytes in it
   * @param headBytes size of the head, the same in every call
   * @param sizeBytes bytes of the array to show, head included; never fewer than before
   */
  public void grow(byte[] bytes, int headBytes, int sizeBytes) {
    synchronized (this) {
      this.bytes = bytes;
      this.headBytes = headBytes;
      this.sizeBytes = sizeBytes;
    }
    owner.changed();
  }

  /**
   * It is whole, and the Cluster was shown to its end.
   *
   * @param payload what goes to the log: head, late tags and Cluster; borrowed, must not change
   */
  public void complete(ByteBuffer payload) {
    synchronized (this) {
      this.payload = payload.asReadOnlyBuffer();
      state = State.COMPLETE;
      sizeBytes -= headBytes;
      bytes = new byte[0];
    }
    owner.changed();
  }

  /** It will never be in the log. */
  public void abort() {
    synchronized (this) {
      state = State.ABORTED;
    }
    owner.settled(number);
  }

  /** What there is of it now. */
  public synchronized View view() {
    ByteBuffer whole = payload;
    if (whole == null) {
      ByteBuffer all = ByteBuffer.wrap(bytes).asReadOnlyBuffer();
      return new View(
          state,
          all.slice(0, headBytes),
          all.slice(headBytes, sizeBytes - headBytes),
          all.slice(0, 0));
    }
    int clusterStart = whole.remaining() - sizeBytes;
    return new View(
        state,
        whole.slice(0, headBytes),
        whole.slice(clusterStart, sizeBytes),
        whole.slice(headBytes, clusterStart - headBytes));
  }
}
