package io.millrace.ingest.source.libav;

import io.millrace.ingest.source.Source;
import io.millrace.ingest.source.SourceUnusable;
import io.millrace.ingest.source.worker.WorkerMessages.Order;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What libav is told to open for a source.
 *
 * @param order for the worker
 * @param listens whether the peer comes to us
 */
record LibavAddress(Order order, boolean listens) {
  /**
   * Schemes and the protocols of libav that each needs; nothing else is opened, no file above all.
   */
  private static final Map<String, String> PROTOCOLS =
      Map.of(
          "http", "http,https,tcp,tls,crypto",
          "https", "http,https,tcp,tls,crypto",
          "srt", "srt",
          "rtmp", "rtmp,tcp");

  private static final String FORMATS = "hls,mpegts,flv,live_flv,matroska,webm,mov,mp4,mpjpeg,aac";

  /** Where systems keep the certificates they trust. */
  private static final List<Path> AUTHORITIES =
      List.of(
          Path.of("/etc/ssl/certs/ca-certificates.crt"),
          Path.of("/etc/pki/tls/certs/ca-bundle.crt"));

  private static final Set<String> ANY = Set.of("0.0.0.0", "[::]");
  private static final long SECOND = 1_000_000_000L;

  static boolean knows(String scheme) {
    return PROTOCOLS.containsKey(scheme);
  }

  static LibavAddress of(Source source, LibavSettings settings) throws SourceUnusable {
    String url = source.url();
    String scheme = url.substring(0, url.indexOf(':')).toLowerCase(Locale.ROOT);
    boolean hostless = url.startsWith("://:", scheme.length());
    if (hostless) {
      String host = settings.listenHost();
      url =
          scheme
              + "://"
              + (host.contains(":") ? "[" + host + "]" : host)
              + url.substring(scheme.length() + 3);
    }
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      throw new SourceUnusable("a URL that cannot be read");
    }
    String host = String.valueOf(uri.getHost());
    boolean listens =
        hostless
            || (!scheme.startsWith("http") && ANY.contains(host))
            || (scheme.equals("srt") && String.valueOf(uri.getQuery()).contains("mode=listener"));
    boolean guarded = scheme.equals("srt") && source.password().isPresent();
    if (listens && !guarded && !settings.openListeners() && !isLoopback(host)) {
      throw new SourceUnusable(
          "%s is open to the network and anybody could send; use 127.0.0.1, an SRT passphrase, or"
                  .formatted(host)
              + " start the server with --insecure");
    }
    return new LibavAddress(
        new Order(
            withCredentials(url, scheme, source, listens),
            scheme.startsWith("http"),
            settings.maxFrameBytes(),
            options(scheme, listens, settings)),
        listens);
  }

  /**
   * Estimate of how late frames of a source are dated: playlists are read some segments behind, the
   * others are as late as their encoders.
   */
  static long errorNanos(String url) {
    return url.split("\\?", 2)[0].endsWith(".m3u8") ? 30 * SECOND : SECOND;
  }

  private static boolean isLoopback(String host) throws SourceUnusable {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new SourceUnusable("there is no host " + host);
    }
  }

  private static Map<String, String> options(
      String scheme, boolean listens, LibavSettings settings) {
    Map<String, String> options = new HashMap<>();
    options.put("protocol_whitelist", PROTOCOLS.getOrDefault(scheme, ""));
    options.put("format_whitelist", FORMATS);
    options.put("analyzeduration", "2000000");
    if (scheme.startsWith("http")) {
      options.put("live_start_index", "-1");
      options.put("tls_verify", settings.trustAll() ? "0" : "1");
      AUTHORITIES.stream()
          .filter(Files::isReadable)
          .findFirst()
          .ifPresent(file -> options.put("ca_file", file.toString()));
    }
    if (scheme.equals("rtmp")) {
      options.put("rtmp_live", "live");
      if (listens) {
        options.put("listen", "1");
      }
    }
    return options;
  }

  private static String withCredentials(String url, String scheme, Source source, boolean listens) {
    String full = url;
    if (scheme.equals("srt")) {
      String between = url.contains("?") ? "&" : "?";
      if (listens && !url.contains("mode=")) {
        full += between + "mode=listener";
        between = "&";
      }
      return source.password().isEmpty()
          ? full
          : full + between + "passphrase=" + encoded(source.password().get());
    }
    if (source.username().isEmpty()) {
      return full;
    }
    String credentials =
        encoded(source.username().get()) + ":" + encoded(source.password().orElse(""));
    return full.replaceFirst("://", "://" + credentials + "@");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
