package io.millrace.ingest.webrtc.peer;

import io.millrace.api.error.AwsError;
import io.millrace.ingest.feed.Feed;
import io.millrace.ingest.feed.FeedListener;
import io.millrace.ingest.feed.Feeds;
import io.millrace.ingest.outbound.FrameReading;
import io.millrace.ingest.outbound.FrameSource;
import io.millrace.ingest.webrtc.dtls.DtlsSession;
import io.millrace.ingest.webrtc.ice.IceAgent;
import io.millrace.ingest.webrtc.ice.IceCandidate;
import io.millrace.ingest.webrtc.ice.IceSettings;
import io.millrace.ingest.webrtc.metrics.WebRtcMetrics;
import io.millrace.ingest.webrtc.negotiation.CodecChoice;
import io.millrace.ingest.webrtc.negotiation.DescriptionRefused;
import io.millrace.ingest.webrtc.negotiation.DtlsSetup;
import io.millrace.ingest.webrtc.negotiation.LocalDescription;
import io.millrace.ingest.webrtc.negotiation.MediaPlan;
import io.millrace.ingest.webrtc.negotiation.Negotiation;
import io.millrace.ingest.webrtc.negotiation.OfferedMedia;
import io.millrace.ingest.webrtc.negotiation.RemoteDescription;
import io.millrace.ingest.webrtc.negotiation.SendChoice;
import io.millrace.ingest.webrtc.negotiation.Transport;
import io.millrace.ingest.webrtc.talk.Conversation;
import io.millrace.ingest.webrtc.talk.TalkSettings;
import io.millrace.ingest.webrtc.transport.Inbox;
import io.millrace.ingest.webrtc.transport.PeerTable;
import io.millrace.ingest.webrtc.transport.Ports;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/** Makes the peers of this server, within its limits. */
public final class ServerPeers implements PeerFactory {
  private final Vertx vertx;
  private final PeerSettings settings;
  private final IceSettings iceSettings;
  private final PeerTable table;
  private final Ports ports;
  private final PeerSecurity security;
  private final Feeds feeds;
  private final FrameSource frames;
  private final InstantSource clock;
  private final WebRtcMetrics metrics;
  private final Set<Entry> peers = ConcurrentHashMap.newKeySet();

  private record Entry(Context context, WebRtcPeer peer) {}

  public ServerPeers(
      Vertx vertx,
      PeerSettings settings,
      IceSettings iceSettings,
      PeerTable table,
      Ports ports,
      PeerSecurity security,
      Feeds feeds,
      FrameSource frames,
      InstantSource clock,
      WebRtcMetrics metrics) {
    this.vertx = vertx;
    this.settings = settings;
    this.iceSettings = iceSettings;
    this.table = table;
    this.ports = ports;
    this.security = security;
    this.feeds = feeds;
    this.frames = frames;
    this.clock = clock;
    this.metrics = metrics;
  }

  @Override
  public Future<Peer> answer(
      Context context, String offer, PeerMedia media, PeerListener listener) {
    RemoteDescription remote;
    try {
      remote = RemoteDescription.parse(offer);
    } catch (DescriptionRefused e) {
      return Future.failedFuture(e);
    }
    if (isFull()) {
      return Future.failedFuture(full());
    }
    return switch (media) {
      case PeerMedia.Receive receive -> answerReceiving(context, remote, receive, listener);
      case PeerMedia.Send send ->
          frames
              .live(context, send.stream())
              .map(reading -> answerSending(context, remote, reading, listener));
    };
  }

  private Future<Peer> answerReceiving(
      Context context, RemoteDescription remote, PeerMedia.Receive media, PeerListener listener) {
    List<Optional<MediaPlan>> plans;
    try {
      plans = new Negotiation(false, CodecChoice.toReceive(), random()).plan(remote);
    } catch (DescriptionRefused e) {
      return Future.failedFuture(e);
    }
    return receivePath(context, media, listener)
        .map(
            made -> {
              made.path.plans(present(plans));
              answer(made.peer, context, remote, plans, made.path, false);
              return made.peer;
            });
  }

  private Peer answerSending(
      Context context, RemoteDescription remote, FrameReading reading, PeerListener listener) {
    try {
      Negotiation negotiation = new Negotiation(true, SendPath.choice(reading.tracks()), random());
      List<Optional<MediaPlan>> plans = negotiation.plan(remote);
      WebRtcPeer peer = peer(context, listener);
      SendPath path =
          new SendPath(vertx, settings, reading, peer, Optional.empty(), clock, random(), metrics);
      path.plans(present(plans));
      answer(peer, context, remote, plans, path, true);
      return peer;
    } catch (RuntimeException e) {
      reading.close();
      throw e;
    }
  }

  private void answer(
      WebRtcPeer peer,
      Context context,
      RemoteDescription remote,
      List<Optional<MediaPlan>> plans,
      MediaPath path,
      boolean sending) {
    IceAgent.Role role = remote.iceLite() ? IceAgent.Role.CONTROLLING : IceAgent.Role.LITE;
    IceAgent ice = ice(peer, context, role);
    ice.remote(remote.ice());
    remote.candidates().forEach(ice::addRemoteCandidate);
    DtlsSetup setup = remote.setup().answer();
    negotiated(peer, context, remote, path, setup == DtlsSetup.ACTIVE);
    peer.describe(
        LocalDescription.answer(sessionId(), transport(ice, role, setup), remote, plans, sending));
  }

  @Override
  public Future<Peer> offer(Context context, PeerMedia media, PeerListener listener) {
    if (isFull()) {
      return Future.failedFuture(full());
    }
    return switch (media) {
      case PeerMedia.Receive receive ->
          receivePath(context, receive, listener)
              .map(
                  made ->
                      offer(
                          made.peer,
                          context,
                          talking(OfferedMedia.toReceive(), receive.conversation()),
                          CodecChoice.toReceive(),
                          made.path));
      case PeerMedia.Send send ->
          frames
              .live(context, send.stream())
              .map(
                  reading -> {
                    WebRtcPeer peer = peer(context, listener);
                    SendChoice choice = SendPath.offered(reading.tracks());
                    SendPath path =
                        new SendPath(
                            vertx,
                            settings,
                            reading,
                            peer,
                            send.conversation(),
                            clock,
                            random(),
                            metrics);
                    List<OfferedMedia> offered =
                        OfferedMedia.toSend(choice, random().nextInt(), random().nextInt());
                    return offer(
                        peer, context, talking(offered, send.conversation()), choice, path);
                  });
    };
  }

  /** Sound flows both ways between those who talk to each other; it is Opus. */
  private List<OfferedMedia> talking(
      List<OfferedMedia> offered, Optional<Conversation> conversation) {
    return conversation.isPresent() ? OfferedMedia.talking(offered, random().nextInt()) : offered;
  }

  @Override
  public Conversation conversation(int maxTalkers) {
    return new Conversation(TalkSettings.defaults().withMaxTalkers(maxTalkers), metrics);
  }

  private Peer offer(
      WebRtcPeer peer,
      Context context,
      List<OfferedMedia> offered,
      CodecChoice choice,
      MediaPath path) {
    boolean sending = path instanceof SendPath;
    IceAgent ice = ice(peer, context, IceAgent.Role.CONTROLLING);
    peer.describe(
        LocalDescription.offer(
            sessionId(),
            transport(ice, IceAgent.Role.CONTROLLING, DtlsSetup.ACTPASS),
            offered,
            sending));
    peer.onAnswer(
        sdp -> {
          RemoteDescription remote = RemoteDescription.parse(sdp);
          List<MediaPlan> plans =
              present(new Negotiation(sending, choice, random()).plan(remote)).stream()
                  .map(plan -> withOurSource(plan, offered))
                  .toList();
          path.plans(plans);
          ice.remote(remote.ice());
          remote.candidates().forEach(ice::addRemoteCandidate);
          // An answer is active or passive, never both.
          negotiated(peer, context, remote, path, remote.setup() == DtlsSetup.PASSIVE);
        });
    return peer;
  }

  private static MediaPlan withOurSource(MediaPlan plan, List<OfferedMedia> offered) {
    return offered.stream()
        .filter(each -> each.kind().equals(plan.kind()))
        .findFirst()
        .map(each -> plan.withOwnSource(each.ownSource()))
        .orElse(plan);
  }

  private void negotiated(
      WebRtcPeer peer,
      Context context,
      RemoteDescription remote,
      MediaPath path,
      boolean dtlsClient) {
    DtlsSession session =
        new DtlsSession(
            dtlsClient,
            security.identity(),
            remote.fingerprints(),
            security.handshakes(),
            context,
            peer::sendRecord,
            peer);
    peer.negotiated(path, session, dtlsClient);
  }

  /** A peer that receives, with its open feed. */
  private record Receiving(WebRtcPeer peer, ReceivePath path) {}

  private Future<Receiving> receivePath(
      Context context, PeerMedia.Receive media, PeerListener listener) {
    WebRtcPeer peer = peer(context, listener);
    FeedListener feedListener =
        new FeedListener() {
          @Override
          public void ready() {
            // A live source cannot be held back.
          }

          @Override
          public void closed(String reason) {
            peer.end(Feed.End.SERVER_ENDED, reason);
          }
        };
    return feeds
        .open(context, media.stream(), media.origin(), peer.id(), feedListener)
        .map(
            feed -> {
              ReceivePath path =
                  new ReceivePath(
                      vertx,
                      context,
                      settings,
                      feed,
                      media.conversation(),
                      clock,
                      metrics,
                      random());
              if (peer.isClosed()) {
                path.close(Feed.End.CONNECTION_LOST);
                throw AwsError.SERVICE_UNAVAILABLE.because(
                    "The stream could not be opened in time");
              }
              return new Receiving(peer, path);
            })
        .onFailure(failure -> peer.close("the stream could not be opened"));
  }

  private WebRtcPeer peer(Context context, PeerListener listener) {
    byte[] name = new byte[16];
    random().nextBytes(name);
    WebRtcPeer peer =
        new WebRtcPeer(
            HexFormat.of().formatHex(name),
            vertx,
            settings,
            metrics,
            listener,
            closed -> peers.removeIf(each -> each.peer == closed));
    peers.add(new Entry(context, peer));
    return peer;
  }

  private IceAgent ice(WebRtcPeer peer, Context context, IceAgent.Role role) {
    Inbox inbox =
        new Inbox(
            context,
            peer::packet,
            settings.maxQueuedPackets(),
            settings.strangersPerSecond(),
            metrics);
    IceAgent ice =
        new IceAgent(
            role, iceSettings, vertx, table, inbox, ports.udp()::route, random(), peer, metrics);
    peer.attach(ice);
    return ice;
  }

  private Transport transport(IceAgent ice, IceAgent.Role role, DtlsSetup setup) {
    return new Transport(
        ice.local(),
        role == IceAgent.Role.LITE,
        security.identity().fingerprint(),
        setup,
        candidates());
  }

  /** Our candidates, those of UDP first. */
  public List<IceCandidate> candidates() {
    List<IceCandidate> candidates = new ArrayList<>();
    addAll(candidates, ports.udpAddresses(), false);
    addAll(candidates, ports.tcpAddresses(), true);
    return candidates;
  }

  private static void addAll(
      List<IceCandidate> candidates, List<InetSocketAddress> addresses, boolean tcp) {
    for (int rank = 0; rank < addresses.size(); rank++) {
      candidates.add(IceCandidate.host(addresses.get(rank), tcp, rank));
    }
  }

  private static List<MediaPlan> present(List<Optional<MediaPlan>> plans) {
    return plans.stream().flatMap(Optional::stream).toList();
  }

  private boolean isFull() {
    boolean full =
        peers.size() >= settings.maxPeers() || metrics.pending.sum() >= settings.maxPending();
    if (full) {
      metrics.refusedPeers.increment();
    }
    return full;
  }

  private static RuntimeException full() {
    return AwsError.SERVICE_UNAVAILABLE.because("The server has as many WebRTC peers as it takes");
  }

  private RandomGenerator random() {
    return security.random();
  }

  private long sessionId() {
    return random().nextLong(1, Long.MAX_VALUE);
  }

  /** Ends all peers. */
  public Future<Void> close() {
    List<Future<Void>> ends = new ArrayList<>();
    for (Entry entry : peers) {
      Promise<Void> ended = Promise.promise();
      entry.context.runOnContext(
          unused -> {
            entry.peer.end(Feed.End.SERVER_ENDED, "the server is shutting down");
            ended.complete();
          });
      ends.add(ended.future());
    }
    return Future.join(ends).mapEmpty();
  }
}
