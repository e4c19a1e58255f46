package io.millrace.playback.hls;

import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Built segments, the least recently used dropped first. Viewers who ask for the same one at the
 * same time share one build. Thread-safe.
 */
final class SegmentCache {
  /** Names a segment: a stream and its life, a fragment, a track. */
  record Key(String stream, String fragmentNumber, int track) {}

  private final long maxBytes;
  private final Map<Key, Segment> built = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<Key, Future<Segment>> building = new HashMap<>();
  private long bytes;

  SegmentCache(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  synchronized Optional<Segment> peek(Key key) {
    return Optional.ofNullable(built.get(key));
  }

  /** The segment, built when nobody has it. */
  Future<Segment> get(Key key, Supplier<Future<Segment>> build) {
    Future<Segment> made;
    synchronized (this) {
      Segment ready = built.get(key);
      if (ready != null) {
        return Future.succeededFuture(ready);
      }
      Future<Segment> underway = building.get(key);
      if (underway != null) {
        return underway;
      }
      made = build.get();
      if (!made.isComplete()) {
        building.put(key, made);
      }
    }
    return made.onComplete(
        done -> {
          synchronized (this) {
            building.remove(key);
            if (done.succeeded()) {
              keep(key, done.result());
            }
          }
        });
  }

  private void keep(Key key, Segment segment) {
    if (segment.bytes().length() > maxBytes || built.containsKey(key)) {
      return;
    }
    built.put(key, segment);
    bytes += segment.bytes().length();
    Iterator<Segment> eldest = built.values().iterator();
    while (bytes > maxBytes) {
      bytes -= eldest.next().bytes().length();
      eldest.remove();
    }
  }

  /** Bytes held now. */
  synchronized long sizeBytes() {
    return bytes;
  }
}
