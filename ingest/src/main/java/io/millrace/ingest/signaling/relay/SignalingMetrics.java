package io.millrace.ingest.signaling.relay;

import java.util.concurrent.atomic.LongAdder;

/** What signaling counts. Thread-safe. */
public final class SignalingMetrics {
  /** Masters connected now. */
  public final LongAdder masters = new LongAdder();

  /** Viewers connected now. */
  public final LongAdder viewers = new LongAdder();

  /** WebSockets accepted. */
  public final LongAdder connections = new LongAdder();

  /** WebSockets refused because of a limit. */
  public final LongAdder refusedConnections = new LongAdder();

  /** Masters that a newer one replaced. */
  public final LongAdder replacedMasters = new LongAdder();

  /** WebSockets closed because their client was silent or did not answer to pings. */
  public final LongAdder silentConnections = new LongAdder();

  /** WebSockets closed because their client did not take what was sent. */
  public final LongAdder slowConnections = new LongAdder();

  /** Messages that reached whom they were for. */
  public final LongAdder relayedMessages = new LongAdder();

  /** Messages to a master that was not there, kept for it. */
  public final LongAdder keptMessages = new LongAdder();

  /** Kept messages that no master came for in time. */
  public final LongAdder expiredMessages = new LongAdder();

  /** Messages that could not be taken: malformed, too many, or to nobody. */
  public final LongAdder refusedMessages = new LongAdder();

  /** Storage sessions open now. */
  public final LongAdder storageSessions = new LongAdder();

  /** Storage sessions that began. */
  public final LongAdder joinedStorageSessions = new LongAdder();
}
