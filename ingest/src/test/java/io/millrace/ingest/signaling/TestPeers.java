package io.millrace.ingest.signaling;

import io.millrace.api.error.AwsError;
import io.millrace.ingest.webrtc.ice.IceCredentials;
import io.millrace.ingest.webrtc.metrics.WebRtcMetrics;
import io.millrace.ingest.webrtc.negotiation.DescriptionRefused;
import io.millrace.ingest.webrtc.peer.Peer;
import io.millrace.ingest.webrtc.peer.PeerFactory;
import io.millrace.ingest.webrtc.peer.PeerListener;
import io.millrace.ingest.webrtc.peer.PeerMedia;
import io.millrace.ingest.webrtc.talk.Conversation;
import io.millrace.ingest.webrtc.talk.TalkSettings;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/** Peers without media: each offers its own number and notes what it is told. */
public final class TestPeers implements PeerFactory {
  /** Peers in the order in which they were made. */
  public final List<Made> made = new CopyOnWriteArrayList<>();

  /** While set, offers are not ready. */
  public volatile Promise<Void> hold = null;

  /** What the next offers are refused with, as things that are not there. */
  public final Queue<String> refusals = new ConcurrentLinkedQueue<>();

  /** A peer, what it is for and what it was told. */
  public static final class Made implements Peer {
    public final PeerMedia media;
    public final List<String> told = new CopyOnWriteArrayList<>();
    private final PeerListener listener;
    private final Context context;
    private final int number;

    private Made(int number, Context context, PeerMedia media, PeerListener listener) {
      this.number = number;
      this.context = context;
      this.media = media;
      this.listener = listener;
    }

    @Override
    public String id() {
      return "peer-" + number;
    }

    @Override
    public String localDescription() {
      return "offer-" + number;
    }

    @Override
    public void remoteAnswer(String sdp) {
      told.add("answer " + sdp);
      if (sdp.equals("nonsense")) {
        throw new DescriptionRefused("nonsense");
      }
    }

    @Override
    public void addRemoteCandidate(String candidate) {
      told.add("candidate " + candidate);
    }

    @Override
    public IceCredentials restart(IceCredentials remote) {
      told.add("restart " + remote.fragment());
      return remote;
    }

    @Override
    public String remoteFragment() {
      return "fragment-" + number;
    }

    @Override
    public void close(String reason) {
      told.add("close " + reason);
      listener.closed(reason);
    }

    /** Its media connect. */
    public void connect() {
      context.runOnContext(go -> listener.connected());
    }

    /** The other side goes. */
    public void lose() {
      context.runOnContext(go -> listener.closed("lost"));
    }
  }

  @Override
  public Future<Peer> answer(
      Context context, String offer, PeerMedia media, PeerListener listener) {
    return Future.failedFuture("signaling offers");
  }

  @Override
  public Conversation conversation(int maxTalkers) {
    return new Conversation(
        TalkSettings.defaults().withMaxTalkers(maxTalkers), new WebRtcMetrics());
  }

  @Override
  public Future<Peer> offer(Context context, PeerMedia media, PeerListener listener) {
    String refusal = refusals.poll();
    if (refusal != null) {
      return Future.failedFuture(AwsError.RESOURCE_NOT_FOUND.because(refusal));
    }
    Made peer = new Made(made.size(), context, media, listener);
    made.add(peer);
    Promise<Void> wait = hold;
    return wait == null ? Future.succeededFuture(peer) : wait.future().map(peer);
  }
}
