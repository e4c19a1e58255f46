package io.millrace.ingest.producer;

import io.millrace.api.error.AwsError;
import io.millrace.ingest.metrics.IngestMetrics;
import io.millrace.store.stream.StreamCatalog;
import io.millrace.store.table.Table;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The producers connected now. A stream has one; a second one supersedes the first, which may
 * overlap with it while it drains, since producers rotate that way. A third ends the first at once.
 * Thread-safe.
 */
public final class Producers {
  private final int maxConnections;
  private final IngestMetrics metrics;
  private final Map<String, List<Producer>> byStream = new HashMap<>();

  /** Those that have something in the store. */
  private final Set<Producer> storing = Collections.newSetFromMap(new IdentityHashMap<>());

  private final SendingStreams sending;
  private int count;
  private boolean draining;

  /**
   * @param maxConnections most producers at one time
   * @param table remembers which streams are sent to
   */
  public Producers(int maxConnections, IngestMetrics metrics, Table table) {
    this.maxConnections = maxConnections;
    this.metrics = metrics;
    sending = new SendingStreams(table);
  }

  /**
   * Writes down where the server ended without notice while a producer was sending. Call it before
   * the first producer comes.
   *
   * @param clock server time
   */
  public Future<Void> explainCrash(StreamCatalog catalog, InstantSource clock) {
    return sending.explain(catalog, clock);
  }

  /**
   * Adds a producer and makes the older ones of its stream give way.
   *
   * @throws io.millrace.api.error.AwsException CLIENT_LIMIT_EXCEEDED, SERVICE_UNAVAILABLE
   */
  public synchronized void add(String stream, Producer producer) {
    if (draining) {
      throw AwsError.SERVICE_UNAVAILABLE.because("The server is shutting down");
    }
    if (count == maxConnections) {
      metrics.refusedConnections().increment();
      throw AwsError.CLIENT_LIMIT_EXCEEDED.because(
          "The server has its most producers connected: " + maxConnections);
    }
    count++;
    List<Producer> known = byStream.computeIfAbsent(stream, name -> new ArrayList<>(1));
    int older = known.size();
    for (int i = 0; i < older; i++) {
      known.get(i).supersede(i < older - 1);
    }
    known.add(producer);
  }

  /** A producer has something in the store; does nothing when it was taken out. */
  public synchronized void stored(String stream, Producer producer) {
    List<Producer> known = byStream.getOrDefault(stream, List.of());
    if (known.contains(producer) && known.stream().noneMatch(storing::contains)) {
      sending.began(stream);
    }
    if (known.contains(producer)) {
      storing.add(producer);
    }
  }

  /** Takes a producer out that has ended, and has written down why. */
  public synchronized void remove(String stream, Producer producer) {
    List<Producer> known = byStream.get(stream);
    if (known != null && known.remove(producer)) {
      count--;
      if (storing.remove(producer) && known.stream().noneMatch(storing::contains)) {
        sending.ended(stream);
      }
      if (known.isEmpty()) {
        byStream.remove(stream);
      }
    }
  }

  /** Producers connected now. */
  public synchronized int count() {
    return count;
  }

  /** Drains every producer; none is added afterwards. */
  public Future<Void> drain() {
    List<Future<Void>> ending = new ArrayList<>();
    synchronized (this) {
      draining = true;
      byStream.values().forEach(list -> list.forEach(producer -> ending.add(producer.drain())));
    }
    return Future.join(ending).transform(ended -> Future.succeededFuture());
  }
}
