package io.millrace.ingest.signaling.storage;

import io.millrace.api.logging.LogLine;
import io.millrace.ingest.signaling.channel.Channel;
import io.millrace.ingest.signaling.channel.MappedStream;
import io.millrace.ingest.signaling.relay.MessageType;
import io.millrace.ingest.webrtc.negotiation.DescriptionRefused;
import io.millrace.ingest.webrtc.peer.Peer;
import io.millrace.ingest.webrtc.peer.PeerListener;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's side of one client's media. What belongs to the peer happens on one event loop; the
 * methods may be called on any.
 */
final class StorageSession implements PeerListener {
  /** Candidates that come before the peer is there; browsers have a handful. */
  private static final int MAX_EARLY_CANDIDATES = 64;

  private static final Logger LOG = LoggerFactory.getLogger(StorageSession.class);

  private final Vertx vertx;
  private final Context context;
  private final Channel channel;
  private final MappedStream stream;
  private final @Nullable String client;
  private final StorageSettings settings;
  private final Consumer<StorageSession> onEnd;
  private final List<String> earlyCandidates = new ArrayList<>();
  private final List<Long> timers = new ArrayList<>();
  private @Nullable Peer peer;
  private long masterless = -1;
  private boolean answered;
  private boolean connected;
  private boolean ended;

  /**
   * @param context event loop of the peer
   * @param client null for the master
   * @param onEnd told of the end once, on the event loop
   */
  StorageSession(
      Vertx vertx,
      Context context,
      Channel channel,
      MappedStream stream,
      @Nullable String client,
      StorageSettings settings,
      Consumer<StorageSession> onEnd) {
    this.vertx = vertx;
    this.context = context;
    this.channel = channel;
    this.stream = stream;
    this.client = client;
    this.settings = settings;
    this.onEnd = onEnd;
  }

  Channel channel() {
    return channel;
  }

  MappedStream stream() {
    return stream;
  }

  boolean isMaster() {
    return client == null;
  }

  /** A viewer has a master again. */
  void masterCame() {
    context.runOnContext(go -> vertx.cancelTimer(masterless));
  }

  /** A viewer has no master, or none any more. */
  void masterWent() {
    Duration limit = settings.masterlessLimit();
    context.runOnContext(
        go -> {
          vertx.cancelTimer(masterless);
          if (!ended && !limit.isZero()) {
            masterless =
                vertx.setTimer(
                    limit.toMillis(),
                    timer ->
                        end("the channel was without a master for " + limit.toSeconds() + " s"));
          }
        });
  }

  /**
   * The peer is there; on the event loop.
   *
   * @return whether the session still is
   */
  boolean open(Peer made) {
    if (ended) {
      made.close("the session ended");
      return false;
    }
    peer = made;
    earlyCandidates.forEach(made::addRemoteCandidate);
    earlyCandidates.clear();
    return true;
  }

  /** Begins to count its time; on the event loop. */
  void begin() {
    timers.add(
        vertx.setTimer(
            settings.maxAge().toMillis(), timer -> end("the session has its greatest age")));
    timers.add(
        vertx.setTimer(
            settings.connectLimit().toMillis(),
            timer -> {
              if (!connected) {
                end("no media connection within " + settings.connectLimit().toSeconds() + " s");
              }
            }));
  }

  /** Whether it has not ended; on the event loop. */
  boolean isOpen() {
    return !ended;
  }

  /** What the client says: an answer or a candidate. */
  void receive(MessageType type, String text) {
    context.runOnContext(
        go -> {
          if (type == MessageType.SDP_ANSWER) {
            answer(text);
          } else {
            candidate(text);
          }
        });
  }

  private void answer(String sdp) {
    if (ended || peer == null || answered) {
      log("answer_ignored", answered ? "the offer was answered already" : "there is no offer");
      return;
    }
    answered = true;
    try {
      peer.remoteAnswer(sdp);
    } catch (DescriptionRefused refused) {
      end("the answer cannot be taken: " + refused.getMessage());
    }
  }

  private void candidate(String candidate) {
    if (peer != null) {
      peer.addRemoteCandidate(candidate);
    } else if (!ended && earlyCandidates.size() < MAX_EARLY_CANDIDATES) {
      earlyCandidates.add(candidate);
    }
  }

  @Override
  public void connected() {
    connected = true;
    log("storage_session_connected", "media flow");
  }

  @Override
  public void closed(String reason) {
    finish(reason);
  }

  /** Ends it, for a reason that its client and the log are to know. */
  void end(String reason) {
    context.runOnContext(
        go -> {
          Peer open = peer;
          if (open != null && !ended) {
            open.close(reason);
          }
          finish(reason);
        });
  }

  private void finish(String reason) {
    if (!ended) {
      ended = true;
      timers.forEach(vertx::cancelTimer);
      vertx.cancelTimer(masterless);
      log("storage_session_ended", reason);
      onEnd.accept(this);
    }
  }

  private void log(String event, String reason) {
    LOG.info(
        "{}",
        LogLine.of(event)
            .with("channel", channel.name())
            .with("stream", stream.name())
            .with("client", client == null ? "(master)" : client)
            .with("reason", reason));
  }
}
