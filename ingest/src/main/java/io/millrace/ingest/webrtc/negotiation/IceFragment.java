package io.millrace.ingest.webrtc.negotiation;

import io.millrace.ingest.webrtc.ice.IceCandidate;
import io.millrace.ingest.webrtc.ice.IceCredentials;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An SDP fragment with candidates, and perhaps new credentials (RFC 8840 section 9).
 *
 * @param fragment {@code ice-ufrag} of the session that it is about
 * @param password {@code ice-pwd} of that session
 * @param candidates lines {@code candidate:…}
 */
public record IceFragment(
    Optional<String> fragment, Optional<String> password, List<String> candidates) {
  /** Longest fragment, and most candidates of one. */
  public static final int MAX_LENGTH = 16 << 10;

  static final int MAX_CANDIDATES = 64;

  public IceFragment {
    candidates = List.copyOf(candidates);
  }

  /**
   * Reads a fragment.
   *
   * @throws DescriptionRefused if it is none, or has too much of something
   */
  public static IceFragment parse(String text) {
    if (text.length() > MAX_LENGTH) {
      throw new DescriptionRefused("The fragment is longer than " + MAX_LENGTH);
    }
    Optional<String> fragment = Optional.empty();
    Optional<String> password = Optional.empty();
    List<String> candidates = new ArrayList<>();
    for (String line : text.split("\r?\n")) {
      if (line.isBlank()) {
        continue;
      }
      if (!line.matches("[a-z]=.*")) {
        throw new DescriptionRefused("Not a line of an SDP fragment: " + line);
      }
      if (line.startsWith("a=ice-ufrag:")) {
        fragment = Optional.of(line.substring("a=ice-ufrag:".length()).strip());
      } else if (line.startsWith("a=ice-pwd:")) {
        password = Optional.of(line.substring("a=ice-pwd:".length()).strip());
      } else if (line.startsWith("a=candidate:")) {
        candidates.add(line.substring(2).strip());
        if (candidates.size() > MAX_CANDIDATES) {
          throw new DescriptionRefused("More than " + MAX_CANDIDATES + " candidates");
        }
      }
    }
    return new IceFragment(fragment, password, candidates);
  }

  /**
   * Both credentials.
   *
   * @throws DescriptionRefused if one is there without the other, or they are malformed
   */
  public Optional<IceCredentials> credentials() {
    if (fragment.isEmpty() && password.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new IceCredentials(fragment.orElse(""), password.orElse("")));
    } catch (IllegalArgumentException e) {
      throw new DescriptionRefused("a=ice-ufrag or a=ice-pwd: " + e.getMessage());
    }
  }

  /** The fragment that answers a restart. */
  public static String write(IceCredentials credentials, List<IceCandidate> candidates) {
    StringBuilder text = new StringBuilder();
    text.append("a=ice-ufrag:").append(credentials.fragment()).append("\r\n");
    text.append("a=ice-pwd:").append(credentials.password()).append("\r\n");
    candidates.forEach(each -> text.append("a=").append(each.toSdp()).append("\r\n"));
    return text.append("a=end-of-candidates\r\n").toString();
  }
}
