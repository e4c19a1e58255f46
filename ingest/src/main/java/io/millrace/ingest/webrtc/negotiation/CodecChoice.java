package io.millrace.ingest.webrtc.negotiation;

import java.util.List;
import java.util.Optional;

/** Which of the formats that a section offers is used. */
@FunctionalInterface
public interface CodecChoice {
  /**
   * Chooses.
   *
   * @param kind {@code audio} or {@code video}
   * @param offered in the other side's order of preference
   * @return empty to refuse the section
   */
  Optional<RemoteFormat> choose(String kind, List<RemoteFormat> offered);

  /** What we store: codecs that every player takes first. */
  static CodecChoice toReceive() {
    return new ReceiveChoice();
  }
}
