package io.millrace.ingest.webrtc.peer;

import io.millrace.ingest.feed.Feed;
import io.millrace.ingest.webrtc.dtls.DtlsSession;
import io.millrace.ingest.webrtc.ice.IceAgent;
import io.millrace.ingest.webrtc.ice.IceCandidate;
import io.millrace.ingest.webrtc.ice.IceCredentials;
import io.millrace.ingest.webrtc.ice.IceListener;
import io.millrace.ingest.webrtc.metrics.WebRtcMetrics;
import io.millrace.ingest.webrtc.srtp.SrtpKeys;
import io.millrace.ingest.webrtc.srtp.SrtpReceiver;
import io.millrace.ingest.webrtc.srtp.SrtpSender;
import io.millrace.ingest.webrtc.stun.StunMessage;
import io.millrace.ingest.webrtc.transport.Route;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One peer: packets are told apart by their first byte (RFC 7983) and go to ICE, DTLS or, opened,
 * to the media.
 */
final class WebRtcPeer implements Peer, IceListener, DtlsSession.Listener, MediaPath.Sender {
  private static final Logger LOG = LoggerFactory.getLogger(WebRtcPeer.class);
  private static final int RTP_VERSION = 2;
  private static final int FIRST_RTCP = 192;
  private static final int LAST_RTCP = 223;
  private static final int SENDER_BYTES = 12;

  private final String id;
  private final Vertx vertx;
  private final PeerSettings settings;
  private final WebRtcMetrics metrics;
  private final PeerListener listener;
  private final Consumer<WebRtcPeer> onClose;
  private final Deque<EarlyPacket> early = new ArrayDeque<>();
  private final long timer;
  private @Nullable IceAgent ice;
  private @Nullable DtlsSession dtls;
  private @Nullable MediaPath media;
  private boolean dtlsClient;
  private String description = "";
  private @Nullable Consumer<String> onAnswer;
  private volatile @Nullable Route heardBy;
  private @Nullable SrtpReceiver receiver;
  private @Nullable SrtpSender sender;
  private boolean connected;
  private boolean closed;

  private static final class EarlyPacket {
    final byte[] bytes;
    final long nanos;

    EarlyPacket(byte[] bytes, long nanos) {
      this.bytes = bytes;
      this.nanos = nanos;
    }
  }

  /**
   * @param onClose told once, after the listener
   */
  WebRtcPeer(
      String id,
      Vertx vertx,
      PeerSettings settings,
      WebRtcMetrics metrics,
      PeerListener listener,
      Consumer<WebRtcPeer> onClose) {
    this.id = id;
    this.vertx = vertx;
    this.settings = settings;
    this.metrics = metrics;
    this.listener = listener;
    this.onClose = onClose;
    metrics.peers.increment();
    metrics.pending.increment();
    timer =
        vertx.setTimer(
            settings.connectTimeout().toMillis(),
            unused -> end(Feed.End.CONNECTION_LOST, "not connected in time"));
  }

  /** Ties it to its ICE agent, whose listener it is. */
  void attach(IceAgent agent) {
    ice = agent;
  }

  /** Sets what is sent to the other side. */
  void describe(String sdp) {
    description = sdp;
  }

  /** Sets what is done with the answer to our offer. */
  void onAnswer(Consumer<String> action) {
    onAnswer = action;
  }

  /** Both descriptions are known: media and its protection can begin. */
  void negotiated(MediaPath path, DtlsSession session, boolean client) {
    media = path;
    dtls = session;
    dtlsClient = client;
    if (ice != null && ice.selected() != null) {
      routeFound();
    }
  }

  boolean isClosed() {
    return closed;
  }

  /** Sends a DTLS record; on any thread. */
  void sendRecord(byte[] dtlsRecord) {
    Route route = heardBy;
    if (route != null) {
      route.send(dtlsRecord, dtlsRecord.length);
    }
  }

  /** A packet came. */
  void packet(Route route, byte[] packet, long arrivalNanos) {
    if (closed || ice == null) {
      return;
    }
    if (StunMessage.isStun(packet)) {
      ice.stun(route, packet);
    } else if (DtlsSession.isDtls(packet)) {
      heardBy = route;
      if (dtls != null) {
        dtls.packet(packet);
        dtls.start(route.remote().getAddress());
      }
    } else if (packet.length >= SENDER_BYTES && (packet[0] & 0xff) >>> 6 == RTP_VERSION) {
      if (receiver != null) {
        open(packet, arrivalNanos);
      } else if (early.size() < settings.maxEarlyPackets()) {
        early.add(new EarlyPacket(packet, arrivalNanos));
      } else {
        metrics.droppedPackets.increment();
      }
    } else {
      metrics.strayPackets.increment();
    }
  }

  private void open(byte[] packet, long arrivalNanos) {
    if (receiver == null || media == null || ice == null) {
      return;
    }
    int second = packet[1] & 0xff;
    boolean rtcp = second >= FIRST_RTCP && second <= LAST_RTCP;
    int length = rtcp ? receiver.rtcp(packet, packet.length) : receiver.rtp(packet, packet.length);
    if (length == SrtpReceiver.REFUSED) {
      metrics.refusedSrtp.increment();
      return;
    }
    ice.heard();
    if (rtcp) {
      media.rtcp(packet, length, arrivalNanos);
    } else {
      media.rtp(packet, length, arrivalNanos);
    }
  }

  @Override
  public void routeFound() {
    Route selected = ice == null ? null : ice.selected();
    if (selected != null && dtls != null) {
      if (heardBy == null) {
        heardBy = selected;
      }
      if (dtlsClient) {
        dtls.start(selected.remote().getAddress());
      }
    }
  }

  @Override
  public void lost(String reason) {
    end(Feed.End.CONNECTION_LOST, reason);
  }

  @Override
  public void keys(SrtpKeys receive, SrtpKeys send) {
    if (closed || media == null) {
      return;
    }
    receiver = new SrtpReceiver(receive, settings.maxSources());
    sender = new SrtpSender(send);
    connected = true;
    vertx.cancelTimer(timer);
    metrics.pending.decrement();
    metrics.connected.increment();
    LOG.info("event=peer_connected peer={} remote={}", id, remote());
    media.connected(this);
    listener.connected();
    for (EarlyPacket next = early.poll(); next != null; next = early.poll()) {
      open(next.bytes, next.nanos);
    }
  }

  /**
   * Where media goes: the way that was nominated, and until then the one by which the handshake
   * came, since some nominate only after it.
   */
  private @Nullable Route route() {
    Route nominated = ice == null ? null : ice.selected();
    return nominated == null ? heardBy : nominated;
  }

  private String remote() {
    Route route = route();
    return route == null ? "-" : route.remote().toString();
  }

  @Override
  public void ended(String reason) {
    if (!connected) {
      metrics.failedHandshakes.increment();
    }
    end(connected ? Feed.End.SOURCE_ENDED : Feed.End.CONNECTION_LOST, reason);
  }

  @Override
  public void rtcp(byte[] packet) {
    Route route = route();
    if (route != null && sender != null) {
      byte[] room = new byte[packet.length + SrtpSender.TRAILER_BYTES];
      System.arraycopy(packet, 0, room, 0, packet.length);
      route.send(room, sender.rtcp(room, packet.length));
    }
  }

  @Override
  public int rtp(byte[] packet, int length) {
    if (sender == null) {
      throw new IllegalStateException("nothing can be sent before the keys are there");
    }
    int whole = sender.rtp(packet, length);
    again(packet, whole);
    return whole;
  }

  @Override
  public void again(byte[] packet, int length) {
    Route route = route();
    if (route != null) {
      route.send(packet, length);
    }
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String localDescription() {
    return description;
  }

  @Override
  public void remoteAnswer(String sdp) {
    Consumer<String> action = onAnswer;
    if (action == null) {
      throw new IllegalStateException("no answer is waited for");
    }
    onAnswer = null;
    try {
      action.accept(sdp);
    } catch (RuntimeException e) {
      end(Feed.End.CONNECTION_LOST, "its answer could not be used");
      throw e;
    }
  }

  @Override
  public void addRemoteCandidate(String candidate) {
    if (ice != null && !closed) {
      IceCandidate.parse(candidate.strip()).ifPresent(ice::addRemoteCandidate);
    }
  }

  @Override
  public IceCredentials restart(IceCredentials remote) {
    if (ice == null) {
      throw new IllegalStateException("no ICE agent");
    }
    ice.restart(remote);
    return ice.local();
  }

  @Override
  public String remoteFragment() {
    IceCredentials remote = ice == null ? null : ice.remote();
    return remote == null ? "" : remote.fragment();
  }

  @Override
  public void close(String reason) {
    end(Feed.End.SOURCE_ENDED, reason);
  }

  /** Ends everything of it, once. */
  void end(Feed.End end, String reason) {
    if (closed) {
      return;
    }
    closed = true;
    vertx.cancelTimer(timer);
    if (connected) {
      metrics.connected.decrement();
    } else {
      metrics.pending.decrement();
      metrics.failedPeers.increment();
    }
    LOG.info("event=peer_closed peer={} connected={} reason=\"{}\"", id, connected, reason);
    if (media != null) {
      media.close(end);
    }
    if (dtls != null) {
      dtls.close();
    }
    if (ice != null) {
      ice.close();
    }
    early.clear();
    listener.closed(reason);
    onClose.accept(this);
  }
}
