package io.millrace.ingest.rtsp.server;

import java.util.concurrent.atomic.LongAdder;

/** Counters of RTSP since the start, unless they say that they may fall. Thread-safe. */
public final class RtspMetrics {
  /** Connections now; may fall. */
  public final LongAdder connections = new LongAdder();

  /** Sessions that push now; may fall. */
  public final LongAdder pushing = new LongAdder();

  /** Sessions that read now; may fall. */
  public final LongAdder playing = new LongAdder();

  /** Connections and sessions refused because there were too many. */
  public final LongAdder refusedForLimits = new LongAdder();

  /** Requests. */
  public final LongAdder requests = new LongAdder();

  /** Requests refused, for whatever reason. */
  public final LongAdder refusedRequests = new LongAdder();

  /** Requests without or with wrong credentials. */
  public final LongAdder unauthorized = new LongAdder();

  /** Connections closed because what came is no RTSP. */
  public final LongAdder malformed = new LongAdder();

  /** Sessions and connections ended because they fell silent. */
  public final LongAdder silent = new LongAdder();

  /** RTP and RTCP packets received. */
  public final LongAdder packetsReceived = new LongAdder();

  /** Bytes of them. */
  public final LongAdder bytesReceived = new LongAdder();

  /** RTP packets that never came. */
  public final LongAdder packetsLost = new LongAdder();

  /** Datagrams from an address or port that is not the session's. */
  public final LongAdder strayDatagrams = new LongAdder();

  /** Datagrams for which an event loop had no room. */
  public final LongAdder droppedDatagrams = new LongAdder();

  /** RTP and RTCP packets sent. */
  public final LongAdder packetsSent = new LongAdder();

  /** Bytes of them. */
  public final LongAdder bytesSent = new LongAdder();
}
