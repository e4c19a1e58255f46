package io.millrace.ingest.webrtc.ice;

import io.millrace.ingest.webrtc.metrics.WebRtcMetrics;
import io.millrace.ingest.webrtc.stun.MalformedStun;
import io.millrace.ingest.webrtc.stun.StunAttribute;
import io.millrace.ingest.webrtc.stun.StunKey;
import io.millrace.ingest.webrtc.stun.StunMessage;
import io.millrace.ingest.webrtc.stun.StunType;
import io.millrace.ingest.webrtc.stun.StunWriter;
import io.millrace.ingest.webrtc.transport.Inbox;
import io.millrace.ingest.webrtc.transport.PeerTable;
import io.millrace.ingest.webrtc.transport.Route;
import io.vertx.core.Vertx;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One peer's ICE. Lite, it answers checks and takes the way that the other side nominates; in full
 * it checks the other side's candidates itself and nominates where it controls. Every request must
 * carry a right FINGERPRINT, MESSAGE-INTEGRITY and user name. Belongs to one event loop.
 */
public final class IceAgent {
  private static final Logger LOG = LoggerFactory.getLogger(IceAgent.class);
  private static final int ROLE_CONFLICT = 487;
  private static final int UNKNOWN_ATTRIBUTE = 420;
  private static final int SESSIONS = 2;
  private static final long OWN_PRIORITY = (110L << 24) | (0xffffL << 8) | 255;

  private final IceSettings settings;
  private final Vertx vertx;
  private final PeerTable table;
  private final Inbox inbox;
  private final Function<InetSocketAddress, Route> routeTo;
  private final RandomGenerator random;
  private final IceListener listener;
  private final WebRtcMetrics metrics;
  private final boolean lite;
  private final long tieBreaker;
  private final int tag;
  private final IceRoutes routes;
  private final ConnectivityChecks checks;
  private final Deque<Session> sessions = new ArrayDeque<>();
  private @Nullable IceCredentials remote;
  private @Nullable StunKey remoteKey;
  private byte[] consentId = new byte[0];
  private boolean controlling;
  private long heardNanos;
  private long consentDueNanos;
  private long timer = -1;
  private boolean found;
  private boolean closed;

  /** What one exchange of descriptions made valid. */
  private record Session(IceCredentials credentials, StunKey key) {}

  /** Whether this side only answers, and whether it decides. */
  public enum Role {
    LITE,
    CONTROLLED,
    CONTROLLING
  }

  /**
   * @param routeTo the way to a candidate of the other side
   * @param random must be hard to guess
   */
  public IceAgent(
      Role role,
      IceSettings settings,
      Vertx vertx,
      PeerTable table,
      Inbox inbox,
      Function<InetSocketAddress, Route> routeTo,
      RandomGenerator random,
      IceListener listener,
      WebRtcMetrics metrics) {
    this.settings = settings;
    this.vertx = vertx;
    this.table = table;
    this.inbox = inbox;
    this.routeTo = routeTo;
    this.random = random;
    this.listener = listener;
    this.metrics = metrics;
    lite = role == Role.LITE;
    controlling = role == Role.CONTROLLING;
    tieBreaker = random.nextLong();
    routes = new IceRoutes(table, inbox, settings.maxRoutes());
    int free = random.nextInt();
    while (!table.addTag(free, inbox)) {
      free = random.nextInt();
    }
    tag = free;
    checks = new ConnectivityChecks(settings, tag, random);
    newSession();
    heardNanos = System.nanoTime();
    long tick = lite ? 1000 : settings.checkInterval().toMillis();
    timer = vertx.setPeriodic(tick, id -> tick());
  }

  private void newSession() {
    IceCredentials credentials = IceCredentials.make(random);
    while (!table.addFragment(credentials.fragment(), inbox)) {
      credentials = IceCredentials.make(random);
    }
    sessions.addFirst(new Session(credentials, new StunKey(credentials.password())));
    if (sessions.size() > SESSIONS) {
      table.removeFragment(sessions.removeLast().credentials.fragment(), inbox);
    }
  }

  /** Ours, of the newest session. */
  public IceCredentials local() {
    return sessions.getFirst().credentials;
  }

  /** Sets the other side's credentials of the newest session. */
  public void remote(IceCredentials credentials) {
    remote = credentials;
    remoteKey = new StunKey(credentials.password());
  }

  /** The other side's, of the newest session. */
  public @Nullable IceCredentials remote() {
    return remote;
  }

  /**
   * ICE restart: credentials of ours are new; the way in use stays in use, and the former
   * credentials stay valid, until the other side nominates a way anew.
   */
  public void restart(IceCredentials credentials) {
    newSession();
    remote(credentials);
    routes.unselect();
    checks.clear();
  }

  /** A candidate of the other side. */
  public void addRemoteCandidate(IceCandidate candidate) {
    if (!lite && !closed) {
      Route route = routeTo.apply(candidate.address());
      checks.add(route, candidate.priority(), System.nanoTime());
    }
  }

  /** The way in use, null while there is none. */
  public @Nullable Route selected() {
    return routes.selected();
  }

  /** A packet that only the other side can have made came: it is alive. */
  public void heard() {
    heardNanos = System.nanoTime();
  }

  /** A STUN message came. */
  public void stun(Route route, byte[] packet) {
    if (closed) {
      return;
    }
    try {
      StunMessage message = StunMessage.parse(packet);
      if (!message.fingerprintMatches()) {
        metrics.refusedStun.increment();
        return;
      }
      switch (message.type()) {
        case BINDING_REQUEST -> request(route, message);
        case BINDING_SUCCESS, BINDING_ERROR -> response(route, message);
        case BINDING_INDICATION -> {
          // keeps bindings of NATs open, and proves nothing
        }
      }
    } catch (MalformedStun e) {
      metrics.refusedStun.increment();
    }
  }

  private void request(Route route, StunMessage request) {
    @Nullable Session session = sessionOf(request);
    if (session == null || !request.integrityMatches(session.key)) {
      metrics.refusedStun.increment();
      return;
    }
    if (!request.unknownAttributes().isEmpty()) {
      StunWriter answer = new StunWriter(StunType.BINDING_ERROR, request.transactionId());
      answer.errorCode(UNKNOWN_ATTRIBUTE, "Unknown Attribute");
      send(route, answer.unknownAttributes(request.unknownAttributes()).toBytes(session.key));
      return;
    }
    if (conflicts(request)) {
      StunWriter answer = new StunWriter(StunType.BINDING_ERROR, request.transactionId());
      send(route, answer.errorCode(ROLE_CONFLICT, "Role Conflict").toBytes(session.key));
      return;
    }
    long now = System.nanoTime();
    long priority = request.priority().orElse(0);
    if (!routes.heard(route, priority, now)) {
      metrics.refusedStun.increment();
      return;
    }
    heardNanos = now;
    send(
        route,
        new StunWriter(StunType.BINDING_SUCCESS, request.transactionId())
            .mappedAddress(route.remote())
            .toBytes(session.key));
    if (!lite) {
      checks.trigger(route, priority, now);
    }
    if (!controlling && request.has(StunAttribute.USE_CANDIDATE)) {
      use(route, now);
    }
  }

  private @Nullable Session sessionOf(StunMessage request) {
    String name = request.username().orElse("");
    for (Session session : sessions) {
      if (name.startsWith(session.credentials.fragment() + ":")) {
        return session;
      }
    }
    return null;
  }

  /** RFC 8445 section 7.3.1.1; changes our role where ours is the one to change. */
  private boolean conflicts(StunMessage request) {
    if (controlling) {
      var theirs = request.tieBreaker(StunAttribute.ICE_CONTROLLING);
      if (theirs.isPresent()) {
        if (Long.compareUnsigned(tieBreaker, theirs.getAsLong()) >= 0) {
          return true;
        }
        controlling = false;
      }
      return false;
    }
    var theirs = request.tieBreaker(StunAttribute.ICE_CONTROLLED);
    if (theirs.isEmpty()) {
      return false;
    }
    // A lite side never decides, whatever the numbers say.
    if (lite || Long.compareUnsigned(tieBreaker, theirs.getAsLong()) < 0) {
      return true;
    }
    controlling = true;
    return false;
  }

  private void response(Route route, StunMessage response) {
    if (remoteKey == null || !response.integrityMatches(remoteKey)) {
      metrics.refusedStun.increment();
      return;
    }
    long now = System.nanoTime();
    byte[] id = response.transactionId();
    if (Arrays.equals(id, consentId)) {
      heardNanos = now;
      return;
    }
    checks
        .answered(id)
        .filter(check -> check.route.remote().equals(route.remote()))
        .ifPresent(check -> answered(check, response, now));
  }

  private void answered(ConnectivityChecks.Check check, StunMessage response, long now) {
    if (response.type() == StunType.BINDING_ERROR) {
      if (response.errorCode().orElse(0) == ROLE_CONFLICT) {
        controlling = !controlling;
        check.dueNanos = now;
      }
      return;
    }
    if (!routes.heard(check.route, check.priority, now)) {
      return;
    }
    heardNanos = now;
    check.succeeded = true;
    if (check.nominating) {
      use(check.route, now);
    } else if (controlling && !found) {
      checks.nominate(check, now);
    }
  }

  private void use(Route route, long now) {
    routes.nominate(route, now);
    if (!found && routes.selected() != null) {
      found = true;
      consentDueNanos = now + settings.consentInterval().toNanos();
      LOG.debug("event=ice_route remote={} tcp={}", route.remote(), route.isTcp());
      listener.routeFound();
    }
  }

  private void tick() {
    long now = System.nanoTime();
    if (now - heardNanos > settings.consentTimeout().toNanos()) {
      listener.lost(found ? "the peer fell silent" : "no way to the peer was found");
      return;
    }
    if (lite || remote == null) {
      return;
    }
    checks.next(now).ifPresent(check -> send(check.route, check(check)));
    Route route = routes.selected();
    if (route != null && now - consentDueNanos >= 0) {
      // RFC 7675 section 5.1: a fifth earlier or later, so that peers do not fall into step.
      long interval = settings.consentInterval().toNanos();
      consentDueNanos = now + interval * (80 + random.nextInt(40)) / 100;
      consentId = checks.transactionId();
      send(route, ask(consentId, false));
    }
  }

  private byte[] check(ConnectivityChecks.Check check) {
    return ask(check.transactionId, check.nominating && controlling);
  }

  private byte[] ask(byte[] id, boolean nominate) {
    if (remote == null || remoteKey == null) {
      throw new IllegalStateException("asked before the other side's credentials were known");
    }
    StunWriter request =
        new StunWriter(StunType.BINDING_REQUEST, id)
            .username(remote.fragment() + ":" + local().fragment())
            .priority(OWN_PRIORITY)
            .tieBreaker(
                controlling ? StunAttribute.ICE_CONTROLLING : StunAttribute.ICE_CONTROLLED,
                tieBreaker);
    return (nominate ? request.useCandidate() : request).toBytes(remoteKey);
  }

  private static void send(Route route, byte[] bytes) {
    route.send(bytes, bytes.length);
  }

  /** Takes no more packets and lets go of everything. */
  public void close() {
    if (!closed) {
      closed = true;
      vertx.cancelTimer(timer);
      sessions.forEach(each -> table.removeFragment(each.credentials.fragment(), inbox));
      table.removeTag(tag, inbox);
      routes.close();
    }
  }
}
