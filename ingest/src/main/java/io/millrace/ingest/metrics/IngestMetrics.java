package io.millrace.ingest.metrics;

import io.millrace.ingest.fragmenter.IngestError;
import io.millrace.media.track.GapReason;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What ingest counts, by stream. The number of streams told apart is bounded; those beyond it are
 * counted together. Thread-safe.
 */
public final class IngestMetrics {
  /** Name under which streams beyond the bound are counted. */
  public static final String OTHER_STREAMS = "(other)";

  /** Most streams told apart. */
  public static final int MAX_STREAMS = 10_000;

  private final ConcurrentMap<String, Stream> streams = new ConcurrentHashMap<>();
  private final LongAdder takeovers = new LongAdder();
  private final LongAdder refusedConnections = new LongAdder();

  /** Counts of one stream. */
  public static final class Stream {
    private final LongAdder bytes = new LongAdder();
    private final LongAdder fragments = new LongAdder();
    private final LongAdder frames = new LongAdder();
    private final LongAdder tornFragments = new LongAdder();
    private final LongAdder openConnections = new LongAdder();
    private final LongAdder pauses = new LongAdder();
    private final LongAdder codecProblems = new LongAdder();
    private final LongAdder droppedFrames = new LongAdder();
    private final LongAdder lostPackets = new LongAdder();
    private final LongAdder clockJumps = new LongAdder();
    private final ConcurrentMap<GapReason, LongAdder> gaps = new ConcurrentHashMap<>();
    private final ConcurrentMap<IngestError, LongAdder> errors = new ConcurrentHashMap<>();
    private final LatencyHistogram ackLatency = new LatencyHistogram();

    private Stream() {}

    /** Bytes of media bodies received, torn fragments included. */
    public LongAdder bytes() {
      return bytes;
    }

    /** Fragments that became durable. */
    public LongAdder fragments() {
      return fragments;
    }

    /** Frames in those fragments. */
    public LongAdder frames() {
      return frames;
    }

    /** Fragments whose connection ended before they did; dropped. */
    public LongAdder tornFragments() {
      return tornFragments;
    }

    /** Connections that are sending now. */
    public LongAdder openConnections() {
      return openConnections;
    }

    /** Times a producer was held back because the store was behind. */
    public LongAdder pauses() {
      return pauses;
    }

    /** Sessions whose decoder setup is missing or invalid and could not be repaired; kept. */
    public LongAdder codecProblems() {
      return codecProblems;
    }

    /** Frames of feeds that came and were not stored. */
    public LongAdder droppedFrames() {
      return droppedFrames;
    }

    /** RTP packets that never came. */
    public LongAdder lostPackets() {
      return lostPackets;
    }

    /** Times a source's clock was set to another time. */
    public LongAdder clockJumps() {
      return clockJumps;
    }

    /** Gaps written down with this reason. */
    public LongAdder gaps(GapReason reason) {
      return gaps.computeIfAbsent(reason, first -> new LongAdder());
    }

    /** Sessions that ended with this error. */
    public long errors(IngestError error) {
      LongAdder count = errors.get(error);
      return count == null ? 0 : count.sum();
    }

    /** Counts a session that ended with an error. */
    public void failed(IngestError error) {
      errors.computeIfAbsent(error, first -> new LongAdder()).increment();
    }

    /** From the last byte of a fragment to its PERSISTED acknowledgement. */
    public LatencyHistogram ackLatency() {
      return ackLatency;
    }
  }

  /** The counts of a stream. */
  public Stream stream(String name) {
    Stream known = streams.get(name);
    if (known != null) {
      return known;
    }
    String key = streams.size() < MAX_STREAMS ? name : OTHER_STREAMS;
    return streams.computeIfAbsent(key, first -> new Stream());
  }

  /** Stops telling a deleted stream apart. */
  public void forget(String name) {
    streams.remove(name);
  }

  /** Counts by stream, in name order; live objects. */
  public Map<String, Stream> streams() {
    return new TreeMap<>(streams);
  }

  /** Connections ended because a newer one of the same stream took over. */
  public LongAdder takeovers() {
    return takeovers;
  }

  /** Connections refused because the server has too many. */
  public LongAdder refusedConnections() {
    return refusedConnections;
  }
}
