package io.millrace.ingest.rtp.receive;

/**
 * A place on a track's time line: a frame that came, or one that is missing.
 *
 * @param ticks its unwrapped RTP timestamp, which says exactly how far it is from others
 * @param nanos its capture time, epoch ns, which may be corrected between two of them
 */
record Picture(long ticks, long nanos) {
  /** The same by a clock that was set on by so many ns. */
  Picture moved(long byNanos) {
    return new Picture(ticks, nanos + byNanos);
  }

  /** Time of a place between this and a later one. */
  long nanosAt(long at, Picture later) {
    long span = later.ticks - ticks;
    return span == 0
        ? nanos
        : nanos + Math.round((later.nanos - nanos) * ((double) (at - ticks) / span));
  }
}
