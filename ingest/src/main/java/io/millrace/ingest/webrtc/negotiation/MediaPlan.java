package io.millrace.ingest.webrtc.negotiation;

import io.millrace.ingest.rtp.payload.RtpFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A media section that both sides agree on.
 *
 * @param mid identification of the section
 * @param kind {@code audio} or {@code video}
 * @param format the only payload format in use
 * @param retransmission payload type of its retransmissions
 * @param nack whether lost packets can be asked for
 * @param keyframeRequests whether keyframes can be asked for with PLI
 * @param remb whether a bandwidth can be told with REMB
 * @param transportFeedback whether arrival times can be told (transport-cc)
 * @param extensions header extensions in use, with their numbers
 * @param sources synchronization sources that the other side announced; may be empty
 * @param ownSource ours, where we send
 * @param bothWays whether the other side sends and receives in this section
 */
public record MediaPlan(
    String mid,
    String kind,
    RtpFormat format,
    OptionalInt retransmission,
    boolean nack,
    boolean keyframeRequests,
    boolean remb,
    boolean transportFeedback,
    Map<HeaderExtension, Integer> extensions,
    List<Integer> sources,
    int ownSource,
    boolean bothWays) {
  public MediaPlan {
    extensions = Map.copyOf(extensions);
    sources = List.copyOf(sources);
  }

  /** The same with another source of ours. */
  public MediaPlan withOwnSource(int source) {
    return new MediaPlan(
        mid,
        kind,
        format,
        retransmission,
        nack,
        keyframeRequests,
        remb,
        transportFeedback,
        extensions,
        sources,
        source,
        bothWays);
  }

  public boolean isVideo() {
    return kind.equals("video");
  }
}
