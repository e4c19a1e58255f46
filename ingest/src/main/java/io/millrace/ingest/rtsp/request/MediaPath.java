package io.millrace.ingest.rtsp.request;

import io.millrace.ingest.rtsp.message.RtspStatus;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a request's URI names: {@code /live/STREAM} or {@code /replay/STREAM?start=…}, and perhaps a
 * track of it.
 *
 * @param replay whether stored media are meant
 * @param stream its name
 * @param parameters of the query
 * @param control what stands behind the stream, empty where the whole is meant
 */
public record MediaPath(
    boolean replay, String stream, Map<String, String> parameters, String control) {
  private static final Pattern URI =
      Pattern.compile("(?i:rtsps?://[^/?]*)?/(live|replay)/([^/?]+)(/[^?]*)?(\\?(.*))?");

  /** A control part that a client put behind the query. */
  private static final Pattern CONTROL_BEHIND = Pattern.compile("(.*)/([A-Za-z]+=[0-9]+)/?");

  /**
   * Reads a URI.
   *
   * @throws RequestRefused if it names nothing that could be here
   */
  public static MediaPath parse(String uri) {
    Matcher matcher = URI.matcher(uri);
    if (!matcher.matches()) {
      throw new RequestRefused(
          RtspStatus.NOT_FOUND, "Only /live/STREAM and /replay/STREAM are served here");
    }
    String control = matcher.group(3) == null ? "" : matcher.group(3).replaceAll("^/+|/+$", "");
    String query = matcher.group(5) == null ? "" : matcher.group(5);
    Matcher behind = CONTROL_BEHIND.matcher(query);
    if (behind.matches()) {
      query = behind.group(1);
      control = behind.group(2);
    }
    return new MediaPath(
        matcher.group(1).equals("replay"), decoded(matcher.group(2)), parameters(query), control);
  }

  private static Map<String, String> parameters(String query) {
    Map<String, String> parameters = new HashMap<>();
    for (String each : query.split("&")) {
      int equals = each.indexOf('=');
      if (equals > 0) {
        parameters.putIfAbsent(each.substring(0, equals), decoded(each.substring(equals + 1)));
      }
    }
    return parameters;
  }

  private static String decoded(String text) {
    try {
      // A plus stands for itself: it is part of times with an offset.
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new RequestRefused(RtspStatus.BAD_REQUEST, "A URI with a broken escape");
    }
  }
}
