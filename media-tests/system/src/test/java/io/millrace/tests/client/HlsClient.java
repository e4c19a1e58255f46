package io.millrace.tests.client;

import io.millrace.tests.process.ServerProcess;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Follows a session URL down to its segments, the way a player does. */
public final class HlsClient {
  private static final Pattern URL =
      Pattern.compile("\"HLSStreamingSessionURL\"\\s*:\\s*\"([^\"]+)\"");
  private static final Pattern URI_ATTRIBUTE = Pattern.compile("URI=\"([^\"]+)\"");

  private final ServerProcess server;
  private final URI master;

  private HlsClient(ServerProcess server, URI master) {
    this.server = server;
    this.master = master;
  }

  /**
   * Opens a session.
   *
   * @param members JSON members besides the stream's name, such as {@code "PlaybackMode":"LIVE"}
   */
  public static HlsClient open(ServerProcess server, String stream, String members) {
    HttpResponse<String> reply =
        server.post(
            "/getHLSStreamingSessionURL",
            "{\"StreamName\":\"" + stream + "\"" + (members.isEmpty() ? "" : "," + members) + "}");
    Matcher matcher = URL.matcher(reply.body());
    if (!matcher.find()) {
      throw new IllegalStateException(reply.statusCode() + " " + reply.body());
    }
    return new HlsClient(server, URI.create(matcher.group(1)));
  }

  /** Opens an on-demand session over everything a stream has by producer time. */
  public static HlsClient onDemand(
      ServerProcess server, String stream, double startSeconds, double endSeconds) {
    return open(
        server,
        stream,
        "\"PlaybackMode\":\"ON_DEMAND\",\"DisplayFragmentTimestamp\":\"ALWAYS\","
            + "\"MaxMediaPlaylistFragmentResults\":5000,"
            + "\"HLSFragmentSelector\":{\"FragmentSelectorType\":\"PRODUCER_TIMESTAMP\","
            + "\"TimestampRange\":{\"StartTimestamp\":"
            + startSeconds
            + ",\"EndTimestamp\":"
            + endSeconds
            + "}}");
  }

  /** The session URL. */
  public URI master() {
    return master;
  }

  /** Text of a playlist. */
  public String text(URI playlist) {
    HttpResponse<String> reply = server.get(playlist.toString());
    if (reply.statusCode() != 200) {
      throw new IllegalStateException(playlist + " " + reply.statusCode() + " " + reply.body());
    }
    return reply.body();
  }

  /** Media playlists: the variants first, then renditions. */
  public List<URI> mediaPlaylists() {
    String text = text(master);
    Stream<URI> variants = lines(text).map(master::resolve);
    Stream<URI> renditions =
        text.lines()
            .filter(line -> line.startsWith("#EXT-X-MEDIA:"))
            .map(HlsClient::uriAttribute)
            .map(master::resolve);
    return Stream.concat(variants, renditions).distinct().toList();
  }

  /** Segments of a media playlist, in order. */
  public List<URI> segments(URI playlist) {
    return lines(text(playlist)).map(playlist::resolve).toList();
  }

  private static Stream<String> lines(String text) {
    return text.lines().filter(line -> !line.isBlank() && !line.startsWith("#"));
  }

  private static String uriAttribute(String line) {
    Matcher matcher = URI_ATTRIBUTE.matcher(line);
    if (!matcher.find()) {
      throw new IllegalStateException(line);
    }
    return matcher.group(1);
  }
}
