package io.millrace.ingest.webrtc.ice;

import java.util.random.RandomGenerator;

/**
 * User fragment and password of one side for one ICE session (RFC 8839 section 5.4).
 *
 * @param fragment 4 to 256 characters
 * @param password 22 to 256 characters
 */
public record IceCredentials(String fragment, String password) {
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  private static final int FRAGMENT_LENGTH = 16;
  private static final int PASSWORD_LENGTH = 32;
  private static final String FORMAT = "[A-Za-z0-9+/=-]{%d,256}";

  public IceCredentials {
    if (!fragment.matches(FORMAT.formatted(4)) || !password.matches(FORMAT.formatted(22))) {
      throw new IllegalArgumentException("no ice-ufrag and ice-pwd of the required lengths");
    }
  }

  /** Fresh credentials; the random numbers must be hard to guess. */
  public static IceCredentials make(RandomGenerator random) {
    return new IceCredentials(text(random, FRAGMENT_LENGTH), text(random, PASSWORD_LENGTH));
  }

  private static String text(RandomGenerator random, int length) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return text.toString();
  }
}
