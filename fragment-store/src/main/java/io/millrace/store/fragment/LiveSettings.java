package io.millrace.store.fragment;

/**
 * Limits of live delivery.
 *
 * @param queueBytes bytes that may wait for one subscriber; beyond, it loses them
 * @param replayBytes bytes of an open fragment kept for subscribers who come in its middle; a
 *     larger one reaches them as LOST
 * @param subscribers most subscribers of a stream
 */
public record LiveSettings(int queueBytes, int replayBytes, int subscribers) {
  /** The defaults. */
  public static final LiveSettings DEFAULTS = new LiveSettings(8 << 20, 16 << 20, 1000);

  public LiveSettings {
    if (queueBytes < 1 || replayBytes < 0 || subscribers < 1) {
      throw new IllegalArgumentException("live setting out of range");
    }
  }
}
