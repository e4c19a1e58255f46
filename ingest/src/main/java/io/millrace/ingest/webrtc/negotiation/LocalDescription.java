package io.millrace.ingest.webrtc.negotiation;

import io.millrace.ingest.webrtc.ice.IceCandidate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Writes our offers and answers. */
public final class LocalDescription {
  private static final String END = "\r\n";

  private final StringBuilder text = new StringBuilder();
  private final Transport transport;
  private final boolean sending;

  private LocalDescription(Transport transport, boolean sending) {
    this.transport = transport;
    this.sending = sending;
  }

  /**
   * The answer to an offer.
   *
   * @param sessionId number for the {@code o=} line, not negative
   * @param offer what is answered
   * @param plans one for each of its sections
   * @param sending whether media flows from us to the other side
   */
  public static String answer(
      long sessionId,
      Transport transport,
      RemoteDescription offer,
      List<Optional<MediaPlan>> plans,
      boolean sending) {
    LocalDescription out = new LocalDescription(transport, sending);
    out.head(
        sessionId,
        plans.stream()
            .flatMap(Optional::stream)
            .map(MediaPlan::mid)
            .filter(mid -> !mid.isEmpty())
            .toList());
    boolean first = true;
    for (int i = 0; i < plans.size(); i++) {
      RemoteMedia media = offer.media().get(i);
      if (plans.get(i).isPresent()) {
        out.accepted(plans.get(i).get(), media, first);
        first = false;
      } else {
        out.refused(media);
      }
    }
    return out.text.toString();
  }

  /** An offer. */
  public static String offer(
      long sessionId, Transport transport, List<OfferedMedia> offered, boolean sending) {
    LocalDescription out = new LocalDescription(transport, sending);
    out.head(sessionId, offered.stream().map(OfferedMedia::mid).toList());
    boolean first = true;
    for (OfferedMedia media : offered) {
      String types =
          media.payloadTypes().stream().map(String::valueOf).collect(Collectors.joining(" "));
      out.line("m=%s 9 UDP/TLS/RTP/SAVPF %s".formatted(media.kind(), types));
      out.transport(media.mid());
      out.attribute("extmap:1 " + HeaderExtension.MID.uri());
      if (!sending) {
        out.attribute("extmap:2 " + HeaderExtension.TRANSPORT_SEQUENCE.uri());
      } else {
        out.attribute("extmap:3 " + HeaderExtension.PLAYOUT_DELAY.uri());
      }
      out.direction(media.kind(), media.ownSource(), media.bothWays());
      media.formats().forEach(out::attribute);
      out.candidates(first);
      first = false;
    }
    return out.text.toString();
  }

  private void head(long sessionId, List<String> mids) {
    line("v=0");
    line("o=- " + sessionId + " 1 IN IP4 127.0.0.1");
    line("s=-");
    line("t=0 0");
    if (transport.lite()) {
      attribute("ice-lite");
    }
    if (!mids.isEmpty()) {
      attribute("group:BUNDLE " + String.join(" ", mids));
    }
    attribute("msid-semantic: WMS *");
  }

  private void accepted(MediaPlan plan, RemoteMedia media, boolean first) {
    int type = plan.format().payloadType();
    String types =
        plan.retransmission().isPresent()
            ? type + " " + plan.retransmission().getAsInt()
            : Integer.toString(type);
    line("m=%s 9 %s %s".formatted(plan.kind(), media.text().protocol(), types));
    transport(plan.mid());
    plan.extensions()
        .forEach((extension, number) -> attribute("extmap:" + number + " " + extension.uri()));
    direction(plan.kind(), plan.ownSource(), false);
    format(plan, media, type);
    candidates(first);
  }

  private void format(MediaPlan plan, RemoteMedia media, int type) {
    String channels = plan.format().channels() > 1 ? "/" + plan.format().channels() : "";
    String name = plan.format().encoding().equals("OPUS") ? "opus" : plan.format().encoding();
    attribute("rtpmap:%d %s/%d%s".formatted(type, name, plan.format().clockRate(), channels));
    media.formats().stream()
        .filter(each -> each.format().payloadType() == type && !each.parameters().isEmpty())
        .findFirst()
        .ifPresent(each -> attribute("fmtp:" + type + " " + each.parameters()));
    plan.retransmission()
        .ifPresent(
            again -> {
              attribute("rtpmap:%d rtx/%d".formatted(again, plan.format().clockRate()));
              attribute("fmtp:%d apt=%d".formatted(again, type));
            });
    if (plan.nack()) {
      attribute("rtcp-fb:" + type + " nack");
    }
    if (plan.keyframeRequests()) {
      attribute("rtcp-fb:" + type + " nack pli");
    }
    if (plan.remb()) {
      attribute("rtcp-fb:" + type + " goog-remb");
    }
    if (plan.transportFeedback()) {
      attribute("rtcp-fb:" + type + " transport-cc");
    }
  }

  private void refused(RemoteMedia media) {
    line(
        "m=%s 0 %s %s"
            .formatted(
                media.text().kind(),
                media.text().protocol(),
                String.join(" ", media.text().formats())));
    line("c=IN IP4 0.0.0.0");
    if (!media.mid().isEmpty()) {
      attribute("mid:" + media.mid());
    }
    attribute("inactive");
  }

  private void transport(String mid) {
    line("c=IN IP4 0.0.0.0");
    attribute("rtcp:9 IN IP4 0.0.0.0");
    if (!mid.isEmpty()) {
      attribute("mid:" + mid);
    }
    attribute("ice-ufrag:" + transport.ice().fragment());
    attribute("ice-pwd:" + transport.ice().password());
    attribute("fingerprint:" + transport.fingerprint().toSdp());
    attribute("setup:" + transport.setup().word());
    attribute("rtcp-mux");
    attribute("rtcp-rsize");
  }

  private void direction(String kind, int source, boolean bothWays) {
    attribute(bothWays ? "sendrecv" : sending ? "sendonly" : "recvonly");
    if (sending || bothWays) {
      attribute("msid:millrace " + kind);
      attribute("ssrc:" + Integer.toUnsignedString(source) + " cname:millrace");
      attribute("ssrc:" + Integer.toUnsignedString(source) + " msid:millrace " + kind);
    }
  }

  /** With BUNDLE the first section's candidates are everyone's. */
  private void candidates(boolean first) {
    if (first) {
      for (IceCandidate candidate : transport.candidates()) {
        attribute(candidate.toSdp());
      }
      attribute("end-of-candidates");
    }
  }

  private void attribute(String value) {
    line("a=" + value);
  }

  private void line(String line) {
    text.append(line).append(END);
  }
}
