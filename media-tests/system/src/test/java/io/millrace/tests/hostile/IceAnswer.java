package io.millrace.tests.hostile;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an answer of the server says of ICE.
 *
 * @param fragment its user fragment
 * @param port its UDP port
 */
record IceAnswer(String fragment, String password, int port) {
  private static final Pattern FRAGMENT = Pattern.compile("a=ice-ufrag:(\\S+)");
  private static final Pattern PASSWORD = Pattern.compile("a=ice-pwd:(\\S+)");
  private static final Pattern PORT = Pattern.compile("a=candidate:.* (\\d+) typ host");

  static IceAnswer parse(String sdp) {
    return new IceAnswer(
        find(FRAGMENT, sdp), find(PASSWORD, sdp), Integer.parseInt(find(PORT, sdp)));
  }

  private static String find(Pattern pattern, String sdp) {
    Matcher found = pattern.matcher(sdp);
    if (!found.find()) {
      throw new IllegalStateException("no " + pattern + " in " + sdp);
    }
    return found.group(1);
  }
}
