package io.millrace.ingest.webrtc.negotiation;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Chooses among what a viewer takes what a stream has.
 *
 * @param videoEncoding such as {@code H264}; empty without video
 * @param profile of H.264 its profile-level-id, six hexadecimal digits; of VP9 and AV1 its number;
 *     empty for other codecs
 * @param audioEncoding such as {@code OPUS}; empty without sound
 */
public record SendChoice(String videoEncoding, String profile, String audioEncoding)
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
        .filter(this::fits)
        .max(Comparator.comparingInt(this::likeness));
  }

  /** Whether the other side's decoder takes what is sent; profiles of H.264 it has to try. */
  private boolean fits(RemoteFormat offered) {
    return switch (offered.format().encoding()) {
      case "H264" -> parameter(offered, "packetization-mode").equals("1");
      case "VP9" -> parameter(offered, "profile-id").equals(profile);
      case "AV1" -> parameter(offered, "profile").equals(profile);
      default -> true;
    };
  }

  private static String parameter(RemoteFormat format, String name) {
    return format.format().parameters().getOrDefault(name, "0");
  }

  /** How near a format's H.264 profile is to ours: equal, same profile, any. */
  private int likeness(RemoteFormat offered) {
    String theirs =
        offered.format().parameters().getOrDefault("profile-level-id", "").toLowerCase(Locale.ROOT);
    if (profile.length() != 6 || theirs.length() != 6) {
      return 0;
    }
    if (!theirs.substring(0, 2).equalsIgnoreCase(profile.substring(0, 2))) {
      return 1;
    }
    return constrained(theirs) == constrained(profile) ? 3 : 2;
  }

  private static boolean constrained(String profile) {
    return profile.matches("[0-9a-fA-F]{6}")
        && (Integer.parseInt(profile.substring(2, 4), 16) & CONSTRAINED) != 0;
  }
}
