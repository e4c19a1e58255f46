package io.millrace.ingest.producer;

import io.vertx.core.Future;

/** One connection that sends into a stream. Its methods may be called from any thread. */
public interface Producer {
  /**
   * A newer producer of the stream has come.
   *
   * @param atOnce whether to make way now, also when this one still sends
   */
  void supersede(boolean atOnce);

  /** Takes no more and completes when what was taken is settled. */
  Future<Void> drain();
}
