package io.millrace.ingest.webrtc.negotiation;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * From descriptions to what flows: at most one section of video and one of sound, in one direction.
 */
public final class Negotiation {
  private final boolean sending;
  private final CodecChoice choice;
  private final RandomGenerator random;

  /**
   * @param sending whether media flows from us to the other side
   */
  public Negotiation(boolean sending, CodecChoice choice, RandomGenerator random) {
    this.sending = sending;
    this.choice = choice;
    this.random = random;
  }

  /**
   * Goes through the other side's sections.
   *
   * @return one for each section, empty for those refused
   * @throws DescriptionRefused when all are
   */
  public List<Optional<MediaPlan>> plan(RemoteDescription remote) {
    Set<String> kinds = new HashSet<>();
    List<Optional<MediaPlan>> plans = new ArrayList<>();
    for (RemoteMedia media : remote.media()) {
      Optional<MediaPlan> plan =
          media.usable() && (sending ? media.receives() : media.sends())
              ? choice.choose(media.text().kind(), media.formats()).map(each -> plan(media, each))
              : Optional.empty();
      plans.add(plan.filter(each -> kinds.add(each.kind())));
    }
    if (kinds.isEmpty()) {
      throw DescriptionRefused.unacceptable(
          sending
              ? "The viewer takes none of the stream's codecs"
              : "No section sends H.264, H.265, VP8, VP9, AV1, Opus or G.711");
    }
    return plans;
  }

  private MediaPlan plan(RemoteMedia media, RemoteFormat chosen) {
    Set<String> feedback = chosen.feedback();
    Map<HeaderExtension, Integer> extensions = new EnumMap<>(HeaderExtension.class);
    extensions.putAll(media.extensions());
    extensions.remove(sending ? HeaderExtension.TRANSPORT_SEQUENCE : HeaderExtension.PLAYOUT_DELAY);
    boolean transport =
        feedback.contains("transport-cc")
            && extensions.containsKey(HeaderExtension.TRANSPORT_SEQUENCE);
    if (!transport) {
      extensions.remove(HeaderExtension.TRANSPORT_SEQUENCE);
    }
    return new MediaPlan(
        media.mid(),
        media.text().kind(),
        chosen.format(),
        // What we send again is the packet itself, which needs no payload type of its own.
        sending ? OptionalInt.empty() : chosen.retransmission(),
        feedback.contains("nack"),
        feedback.contains("nack pli"),
        !sending && feedback.contains("goog-remb"),
        transport,
        extensions,
        media.sources(),
        random.nextInt(),
        media.sends() && media.receives());
  }
}
