package io.millrace.ingest.webrtc.ice;

import io.millrace.ingest.webrtc.transport.Inbox;
import io.millrace.ingest.webrtc.transport.PeerTable;
import io.millrace.ingest.webrtc.transport.Route;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The ways that were proved to lead to one peer, and the one in use. */
final class IceRoutes {
  /** A route that fell silent for so long gives its place, or its use, to another. */
  private static final long SILENT_NANOS = 5_000_000_000L;

  private final PeerTable table;
  private final Inbox inbox;
  private final int maxRoutes;
  private final Map<InetSocketAddress, Proved> proved = new HashMap<>();
  private @Nullable Proved selected;

  private static final class Proved {
    Route route;
    long priority;
    long heardNanos;

    Proved(Route route, long priority, long heardNanos) {
      this.route = route;
      this.priority = priority;
      this.heardNanos = heardNanos;
    }
  }

  IceRoutes(PeerTable table, Inbox inbox, int maxRoutes) {
    this.table = table;
    this.inbox = inbox;
    this.maxRoutes = maxRoutes;
  }

  /**
   * A genuine message came by a route.
   *
   * @return false when the address is another peer's, or there are too many
   */
  boolean heard(Route route, long priority, long nowNanos) {
    Proved known = proved.get(route.remote());
    if (known != null) {
      known.route = route;
      known.priority = Math.max(known.priority, priority);
      known.heardNanos = nowNanos;
      return true;
    }
    if (proved.size() >= maxRoutes) {
      dropSilent(nowNanos);
    }
    if (proved.size() >= maxRoutes || !table.bind(route.remote(), inbox)) {
      return false;
    }
    proved.put(route.remote(), new Proved(route, priority, nowNanos));
    return true;
  }

  private void dropSilent(long nowNanos) {
    proved
        .values()
        .removeIf(
            each -> {
              boolean drop = each != selected && nowNanos - each.heardNanos > SILENT_NANOS;
              if (drop) {
                table.unbind(each.route.remote(), inbox);
              }
              return drop;
            });
  }

  /** Takes a proved route into use, unless a better one is in use and alive. */
  void nominate(Route route, long nowNanos) {
    Proved candidate = proved.get(route.remote());
    if (candidate == null) {
      return;
    }
    if (selected == null
        || candidate.priority >= selected.priority
        || nowNanos - selected.heardNanos > SILENT_NANOS) {
      selected = candidate;
    }
  }

  /** Forgets which route is in use; the next nomination decides. */
  void unselect() {
    if (selected != null) {
      selected.priority = 0;
    }
  }

  @Nullable Route selected() {
    return selected == null ? null : selected.route;
  }

  void close() {
    for (Proved each : proved.values()) {
      table.unbind(each.route.remote(), inbox);
      each.route.close();
    }
    proved.clear();
    selected = null;
  }
}
