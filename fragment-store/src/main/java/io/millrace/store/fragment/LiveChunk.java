package io.millrace.store.fragment;

import java.nio.ByteBuffer;

/**
 * A piece of a fragment that is still being received. Nothing of it is durable yet.
 *
 * @param number its fragment
 * @param kind what happened
 * @param bytes read-only, valid while reachable; empty unless {@code kind} is BYTES
 */
public record LiveChunk(FragmentNumber number, Kind kind, ByteBuffer bytes) {
  /** What a chunk says. */
  public enum Kind {
    /** More bytes, in the order of the payload. */
    BYTES,
    /** The fragment is complete and on its way to the disk. */
    COMPLETE,
    /** The fragment was given up; it will never be in the log. */
    ABANDONED,
    /** The subscriber was too slow: nothing more of this fragment comes, read it from the log. */
    LOST
  }
}
