package io.millrace.ingest.webrtc.negotiation;

import io.millrace.ingest.rtp.payload.PayloadFormats;
import java.util.List;
import java.util.Optional;

/** Chooses what is stored: what most players take comes first, and VP8, which HLS has not, last. */
final class ReceiveChoice implements CodecChoice {
  private static final List<String> VIDEO = List.of("H264", "H265", "VP9", "AV1", "VP8");
  private static final List<String> AUDIO = List.of("OPUS", "PCMU", "PCMA");

  @Override
  public Optional<RemoteFormat> choose(String kind, List<RemoteFormat> offered) {
    List<String> wanted =
        switch (kind) {
          case "video" -> VIDEO;
          case "audio" -> AUDIO;
          default -> List.of();
        };
    for (String encoding : wanted) {
      // Mode 1 has fragmentation units, without which keyframes hardly fit into packets.
      Optional<RemoteFormat> found =
          of(encoding, "1", offered).or(() -> of(encoding, "0", offered));
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static Optional<RemoteFormat> of(
      String encoding, String packetizationMode, List<RemoteFormat> offered) {
    return offered.stream()
        .filter(each -> PayloadFormats.supports(each.format()))
        .filter(each -> each.format().encoding().equals(encoding))
        .filter(
            each ->
                !encoding.equals("H264")
                    || each.format()
                        .parameters()
                        .getOrDefault("packetization-mode", "0")
                        .equals(packetizationMode))
        .findFirst();
  }
}
