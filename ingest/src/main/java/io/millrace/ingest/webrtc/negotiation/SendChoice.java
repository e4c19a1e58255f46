package io.millrace.ingest.webrtc.negotiation;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Chooses among what a viewer takes what a stream has.
 *
 * @param videoEncoding such as {@code H264}; empty without video
 * @param profileLevelId of H.264, six hexadecimal digits; empty for other codecs
 * @param audioEncoding such as {@code OPUS}; empty without sound
 */
public record SendChoice(String videoEncoding, String profileLevelId, String audioEncoding)
    implements CodecChoice {
  private static final int CONSTRAINED = 0x40;

  @Override
  public Optional<RemoteFormat> choose(String kind, List<RemoteFormat> offered) {
    String encoding =
        switch (kind) {
          case "video" -> videoEncoding;
          case "audio" -> audioEncoding;
          default -> "";
        };
    return offered.stream()
        .filter(each -> !encoding.isEmpty() && each.format().encoding().equals(encoding))
        .filter(each -> !encoding.equals("H264") || mode(each).equals("1"))
        .max(Comparator.comparingInt(this::likeness));
  }

  private static String mode(RemoteFormat format) {
    return format.format().parameters().getOrDefault("packetization-mode", "0");
  }

  /** How near a format's H.264 profile is to ours: equal, same profile, any. */
  private int likeness(RemoteFormat offered) {
    String theirs =
        offered.format().parameters().getOrDefault("profile-level-id", "").toLowerCase(Locale.ROOT);
    if (profileLevelId.length() != 6 || theirs.length() != 6) {
      return 0;
    }
    if (!theirs.substring(0, 2).equalsIgnoreCase(profileLevelId.substring(0, 2))) {
      return 1;
    }
    return constrained(theirs) == constrained(profileLevelId) ? 3 : 2;
  }

  private static boolean constrained(String profile) {
    return profile.matches("[0-9a-fA-F]{6}")
        && (Integer.parseInt(profile.substring(2, 4), 16) & CONSTRAINED) != 0;
  }
}
