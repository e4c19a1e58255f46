package io.millrace.ingest.webrtc.whip;

import io.millrace.ingest.webrtc.peer.Peer;
import io.vertx.core.Context;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The peers that HTTP made, by the name in their address. Thread-safe. */
final class PeerResources {
  private final ConcurrentMap<String, Resource> resources = new ConcurrentHashMap<>();

  /** A peer and where it lives; its generation counts ICE restarts. */
  static final class Resource {
    final Context context;
    final Peer peer;
    final String stream;
    private int generation;

    Resource(Context context, Peer peer, String stream) {
      this.context = context;
      this.peer = peer;
      this.stream = stream;
    }

    /** Names the ICE session; on the peer's event loop, as are all its calls. */
    String entityTag() {
      return "\"ice-" + generation + "\"";
    }

    void restarted() {
      generation++;
    }
  }

  void add(Resource resource) {
    resources.put(resource.peer.id(), resource);
  }

  void remove(String id) {
    resources.remove(id);
  }

  Optional<Resource> find(String stream, String id) {
    return Optional.ofNullable(resources.get(id)).filter(each -> each.stream.equals(stream));
  }
}
