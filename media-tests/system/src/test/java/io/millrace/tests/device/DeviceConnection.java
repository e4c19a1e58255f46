package io.millrace.tests.device;

import dev.onvoid.webrtc.CreateSessionDescriptionObserver;
import dev.onvoid.webrtc.PeerConnectionFactory;
import dev.onvoid.webrtc.PeerConnectionObserver;
import dev.onvoid.webrtc.RTCAnswerOptions;
import dev.onvoid.webrtc.RTCConfiguration;
import dev.onvoid.webrtc.RTCIceCandidate;
import dev.onvoid.webrtc.RTCOfferOptions;
import dev.onvoid.webrtc.RTCPeerConnection;
import dev.onvoid.webrtc.RTCPeerConnectionState;
import dev.onvoid.webrtc.RTCRtpTransceiverDirection;
import dev.onvoid.webrtc.RTCRtpTransceiverInit;
import dev.onvoid.webrtc.RTCSdpType;
import dev.onvoid.webrtc.RTCSessionDescription;
import dev.onvoid.webrtc.RTCStats;
import dev.onvoid.webrtc.RTCStatsType;
import dev.onvoid.webrtc.SetSessionDescriptionObserver;
import dev.onvoid.webrtc.media.video.CustomVideoSource;
import dev.onvoid.webrtc.media.video.VideoTrack;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** The device's peer connection, each step waited for. */
final class DeviceConnection implements PeerConnectionObserver {
  private static final int STEP_SECONDS = 15;
  private static final long SETTLE_NANOS = 300_000_000;
  private static final List<String> FIGURES =
      List.of("framesEncoded", "framesSent", "keyFramesEncoded", "pliCount", "nackCount");

  private final CompletableFuture<Void> connected = new CompletableFuture<>();
  private final VideoTrack track;
  private final RTCPeerConnection peer;
  private final Consumer<RTCIceCandidate> onCandidate;

  /**
   * @param tcp whether it has TCP only
   */
  DeviceConnection(
      PeerConnectionFactory factory,
      CustomVideoSource source,
      boolean tcp,
      Consumer<RTCIceCandidate> onCandidate) {
    this.onCandidate = onCandidate;
    RTCConfiguration configuration = new RTCConfiguration();
    configuration.portAllocatorConfig.setDisableUdp(tcp).setDisableTcp(!tcp);
    track = factory.createVideoTrack("camera", source);
    peer = factory.createPeerConnection(configuration, this);
  }

  /** Offers to send. */
  String offer() {
    RTCRtpTransceiverInit sending = new RTCRtpTransceiverInit();
    sending.direction = RTCRtpTransceiverDirection.SEND_ONLY;
    sending.streamIds = List.of("device");
    peer.addTransceiver(track, sending);
    Description made = new Description();
    peer.createOffer(new RTCOfferOptions(), made);
    return local(join(made.done));
  }

  /** Answers an offer and sends. */
  String answer(String offer) {
    peer.addTrack(track, List.of("device"));
    remote(RTCSdpType.OFFER, offer);
    Description made = new Description();
    peer.createAnswer(new RTCAnswerOptions(), made);
    return local(join(made.done));
  }

  private String local(RTCSessionDescription description) {
    Set set = new Set();
    peer.setLocalDescription(description, set);
    join(set.done);
    return description.sdp;
  }

  void remote(RTCSdpType type, String sdp) {
    Set set = new Set();
    peer.setRemoteDescription(new RTCSessionDescription(type, sdp), set);
    join(set.done);
  }

  void candidate(RTCIceCandidate candidate) {
    peer.addIceCandidate(candidate);
  }

  void awaitConnected() {
    join(connected);
  }

  /** What it sent, by the names of WebRTC statistics, with {@code codec} and {@code protocol}. */
  Map<String, Object> sent() {
    CompletableFuture<Map<String, RTCStats>> report = new CompletableFuture<>();
    peer.getStats(stats -> report.complete(stats.getStats()));
    Map<String, RTCStats> all = join(report);
    Map<String, Object> figures = new TreeMap<>();
    for (RTCStats each : all.values()) {
      if (each.getType() == RTCStatsType.OUTBOUND_RTP) {
        FIGURES.forEach(name -> figures.put(name, each.getAttributes().get(name)));
        RTCStats codec = all.get(String.valueOf(each.getAttributes().get("codecId")));
        figures.put("codec", codec == null ? "" : codec.getAttributes().get("mimeType"));
      } else if (each.getType() == RTCStatsType.TRANSPORT) {
        RTCStats pair =
            all.get(String.valueOf(each.getAttributes().get("selectedCandidatePairId")));
        RTCStats remote = all.get(String.valueOf(pair.getAttributes().get("remoteCandidateId")));
        figures.put("protocol", remote.getAttributes().get("protocol"));
      }
    }
    return figures;
  }

  /** Waits until what was encoded has left, and then for as long as a network may keep it. */
  void awaitSent() {
    Map<String, Object> before = Map.of();
    for (Map<String, Object> now = sent(); !now.equals(before); now = sent()) {
      before = now;
      LockSupport.parkNanos(SETTLE_NANOS);
    }
  }

  void close() {
    peer.close();
  }

  @Override
  public void onIceCandidate(RTCIceCandidate candidate) {
    onCandidate.accept(candidate);
  }

  @Override
  public void onConnectionChange(RTCPeerConnectionState state) {
    System.out.println("connection " + state);
    if (state == RTCPeerConnectionState.CONNECTED) {
      connected.complete(null);
    } else if (state == RTCPeerConnectionState.FAILED) {
      connected.completeExceptionally(new IllegalStateException("not connected"));
    }
  }

  private static <T> T join(CompletableFuture<T> future) {
    return future.orTimeout(STEP_SECONDS, TimeUnit.SECONDS).join();
  }

  private static final class Description implements CreateSessionDescriptionObserver {
    final CompletableFuture<RTCSessionDescription> done = new CompletableFuture<>();

    @Override
    public void onSuccess(RTCSessionDescription description) {
      done.complete(description);
    }

    @Override
    public void onFailure(String error) {
      done.completeExceptionally(new IllegalStateException(error));
    }
  }

  private static final class Set implements SetSessionDescriptionObserver {
    final CompletableFuture<Void> done = new CompletableFuture<>();

    @Override
    public void onSuccess() {
      done.complete(null);
    }

    @Override
    public void onFailure(String error) {
      done.completeExceptionally(new IllegalStateException(error));
    }
  }
}
