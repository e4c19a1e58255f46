package io.millrace.ingest.source;

import java.util.Optional;

/**
 * How a source is doing.
 *
 * @param phase what it is doing now
 * @param sinceMillis epoch milliseconds at which the phase began
 * @param attempts connections begun since the server started or the source was changed
 * @param frames that came in that time
 * @param lastError why the last connection ended
 * @param lastErrorMillis epoch milliseconds of that, 0 without one
 */
public record SourceState(
    Phase phase,
    long sinceMillis,
    long attempts,
    long frames,
    Optional<String> lastError,
    long lastErrorMillis) {
  /** What a source is doing. */
  public enum Phase {
    /** It is not pulled. */
    DISABLED,
    /** A connection is being made, or no media has come yet. */
    CONNECTING,
    /** Media comes. */
    RECEIVING,
    /** The last connection ended; the next one comes after a pause. */
    WAITING
  }
}
