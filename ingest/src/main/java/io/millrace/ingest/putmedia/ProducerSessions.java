package io.millrace.ingest.putmedia;

import io.millrace.api.error.AwsError;
import io.millrace.ingest.metrics.IngestMetrics;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The producers connected now. A stream has one connection; a second one supersedes the first,
 * which may overlap with it while it drains, since producers rotate that way. A third ends the
 * first at once. Thread-safe.
 */
final class ProducerSessions {
  private final int maxConnections;
  private final IngestMetrics metrics;
  private final Map<String, List<PutMediaSession>> byStream = new HashMap<>();
  private int count;
  private boolean draining;

  ProducerSessions(int maxConnections, IngestMetrics metrics) {
    this.maxConnections = maxConnections;
    this.metrics = metrics;
  }

  /**
   * Adds a session and makes the older ones of its stream give way.
   *
   * @throws io.millrace.api.error.AwsException CLIENT_LIMIT_EXCEEDED, SERVICE_UNAVAILABLE
   */
  synchronized void add(String stream, PutMediaSession session) {
    if (draining) {
      throw AwsError.SERVICE_UNAVAILABLE.because("The server is shutting down");
    }
    if (count == maxConnections) {
      metrics.refusedConnections().increment();
      throw AwsError.CLIENT_LIMIT_EXCEEDED.because(
          "The server has its most producers connected: " + maxConnections);
    }
    count++;
    List<PutMediaSession> sessions = byStream.computeIfAbsent(stream, name -> new ArrayList<>(1));
    int older = sessions.size();
    for (int i = 0; i < older; i++) {
      sessions.get(i).supersede(i < older - 1);
    }
    sessions.add(session);
  }

  synchronized void remove(String stream, PutMediaSession session) {
    List<PutMediaSession> sessions = byStream.get(stream);
    if (sessions != null && sessions.remove(session)) {
      count--;
      if (sessions.isEmpty()) {
        byStream.remove(stream);
      }
    }
  }

  synchronized int count() {
    return count;
  }

  /** Ends every session after its acknowledgements; none is added afterwards. */
  Future<Void> drain() {
    List<Future<Void>> ending = new ArrayList<>();
    synchronized (this) {
      draining = true;
      byStream.values().forEach(list -> list.forEach(session -> ending.add(session.drain())));
    }
    return Future.join(ending).transform(ended -> Future.succeededFuture());
  }
}
