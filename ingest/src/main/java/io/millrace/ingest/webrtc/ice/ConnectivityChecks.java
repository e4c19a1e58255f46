package io.millrace.ingest.webrtc.ice;

import io.millrace.ingest.webrtc.transport.Route;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Which of the other side's candidates to ask next, and whom an answer is from. Holds no clock and
 * sends nothing.
 */
final class ConnectivityChecks {
  private static final int PEER_REFLEXIVE_PRIORITY = 110 << 24;

  private final IceSettings settings;
  private final int tag;
  private final RandomGenerator random;
  private final List<Check> checks = new ArrayList<>();

  /** One candidate being checked. */
  static final class Check {
    final Route route;
    final long priority;
    byte[] transactionId = new byte[0];
    int sent;
    long dueNanos;
    boolean nominating;
    boolean succeeded;

    private Check(Route route, long priority, long dueNanos) {
      this.route = route;
      this.priority = priority;
      this.dueNanos = dueNanos;
    }
  }

  ConnectivityChecks(IceSettings settings, int tag, RandomGenerator random) {
    this.settings = settings;
    this.tag = tag;
    this.random = random;
  }

  /** Adds a candidate, unless its address is known or there are too many. */
  void add(Route route, long priority, long nowNanos) {
    if (checks.size() < settings.maxRemoteCandidates() && find(route.remote()).isEmpty()) {
      checks.add(new Check(route, priority, nowNanos));
    }
  }

  /** A request came from an address: ask back there at once. */
  void trigger(Route route, long priority, long nowNanos) {
    add(route, priority > 0 ? priority : PEER_REFLEXIVE_PRIORITY, nowNanos);
    find(route.remote())
        .filter(check -> !check.succeeded)
        .ifPresent(
            check -> {
              check.sent = Math.min(check.sent, settings.maxChecks() - 1);
              check.dueNanos = nowNanos;
            });
  }

  Optional<Check> find(InetSocketAddress remote) {
    return checks.stream().filter(check -> check.route.remote().equals(remote)).findFirst();
  }

  /** The check to send now, best candidate first; its transaction id is a new one. */
  Optional<Check> next(long nowNanos) {
    Optional<Check> due =
        checks.stream()
            .filter(check -> !check.succeeded && check.sent < settings.maxChecks())
            .filter(check -> nowNanos - check.dueNanos >= 0)
            .max(Comparator.comparingLong(check -> check.priority));
    due.ifPresent(
        check -> {
          long pause = settings.checkRetransmit().toNanos() << Math.min(check.sent, 10);
          check.dueNanos = nowNanos + pause;
          check.sent++;
          check.transactionId = transactionId();
        });
    return due;
  }

  /** Whether every candidate was asked as often as allowed, in vain. */
  boolean exhausted(long nowNanos) {
    return checks.stream()
        .allMatch(
            check ->
                !check.succeeded
                    && check.sent >= settings.maxChecks()
                    && nowNanos - check.dueNanos >= 0);
  }

  /** Starts a check anew, as a nomination. */
  void nominate(Check check, long nowNanos) {
    check.nominating = true;
    check.succeeded = false;
    check.sent = 0;
    check.dueNanos = nowNanos;
  }

  /** The check that a response answers. */
  Optional<Check> answered(byte[] transactionId) {
    return checks.stream()
        .filter(check -> Arrays.equals(check.transactionId, transactionId))
        .findFirst();
  }

  /** Twelve bytes: the peer's tag, then chance. */
  byte[] transactionId() {
    return ByteBuffer.allocate(12).putInt(tag).putLong(random.nextLong()).array();
  }

  void clear() {
    checks.clear();
  }
}
