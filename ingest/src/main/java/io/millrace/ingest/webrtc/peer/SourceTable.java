package io.millrace.ingest.webrtc.peer;

import io.millrace.ingest.rtp.packet.ExtensionElement;
import io.millrace.ingest.rtp.packet.RtpPacket;
import io.millrace.ingest.webrtc.negotiation.HeaderExtension;
import io.millrace.ingest.webrtc.negotiation.MediaPlan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which media section a packet belongs to (RFC 8843 section 9.2): by its source, once that is
 * known; else by the MID it carries, by what the description announced, and by its payload type
 * where only one section has that. The number of sources is bounded before packets get here.
 */
final class SourceTable {
  /** What a source sends: a section's media, or its packets again. */
  record Source(MediaPlan plan, boolean retransmission) {}

  private final List<MediaPlan> plans;
  private final Map<Integer, Source> sources = new HashMap<>();

  SourceTable(List<MediaPlan> plans) {
    this.plans = List.copyOf(plans);
  }

  /** The source of a packet; null when it belongs nowhere. */
  @Nullable Source of(RtpPacket packet) {
    Source known = sources.get(packet.ssrc());
    if (known != null && carries(known.plan, packet.payloadType())) {
      return retyped(known, packet);
    }
    MediaPlan plan = planOf(packet);
    if (plan == null) {
      return null;
    }
    Source source = new Source(plan, isRetransmission(plan, packet.payloadType()));
    sources.put(packet.ssrc(), source);
    return source;
  }

  private static Source retyped(Source known, RtpPacket packet) {
    boolean again = isRetransmission(known.plan, packet.payloadType());
    return again == known.retransmission ? known : new Source(known.plan, again);
  }

  private @Nullable MediaPlan planOf(RtpPacket packet) {
    List<MediaPlan> fitting =
        plans.stream().filter(plan -> carries(plan, packet.payloadType())).toList();
    for (MediaPlan plan : fitting) {
      Integer number = plan.extensions().get(HeaderExtension.MID);
      if (number != null
          && !plan.mid().isEmpty()
          && plan.mid().equals(ExtensionElement.text(packet, number))) {
        return plan;
      }
    }
    for (MediaPlan plan : fitting) {
      if (plan.sources().contains(packet.ssrc())) {
        return plan;
      }
    }
    return fitting.size() == 1 ? fitting.getFirst() : null;
  }

  private static boolean carries(MediaPlan plan, int payloadType) {
    return plan.format().payloadType() == payloadType || isRetransmission(plan, payloadType);
  }

  private static boolean isRetransmission(MediaPlan plan, int payloadType) {
    return plan.retransmission().isPresent() && plan.retransmission().getAsInt() == payloadType;
  }
}
