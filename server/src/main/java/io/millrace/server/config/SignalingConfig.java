package io.millrace.server.config;

import io.millrace.ingest.control.ControlSettings;
import io.millrace.ingest.signaling.SignalingSettings;
import io.millrace.ingest.signaling.relay.RelaySettings;
import io.millrace.ingest.signaling.storage.StorageSettings;
import io.millrace.ingest.webrtc.ice.TurnSettings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Reads the {@code signaling} section. */
public final class SignalingConfig {
  private static final Duration MIN_TURN_LIFETIME = Duration.ofSeconds(30);
  private static final Duration MAX_TURN_LIFETIME = Duration.ofDays(1);

  private SignalingConfig() {}

  /**
   * The settings of signaling.
   *
   * @param publicUrl what clients use to reach the server, asked at each call
   * @param tlsPort the TLS listener's port if there is one, asked at each call
   */
  public static SignalingSettings read(
      Settings settings, Supplier<String> publicUrl, Supplier<OptionalInt> tlsPort) {
    String own = HttpSettings.url(settings, "signaling.public-url");
    Supplier<String> url =
        () -> own.isEmpty() ? secured(publicUrl.get(), tlsPort.get()) : withoutUsualPort(own);
    return new SignalingSettings(
        new ControlSettings(
            settings.text("region"),
            settings.text("account"),
            publicUrl,
            settings.number("ingest.max-streams", 1, 10_000_000)),
        url,
        settings.number("signaling.max-channels", 1, 1_000_000),
        relay(settings),
        turn(settings),
        new StorageSettings(
            settings.number("signaling.max-storage-sessions", 1, 1_000_000),
            settings.number("signaling.join-rate", 0, 100_000),
            settings.duration("signaling.max-session-age"),
            settings.duration("signaling.session-connect-limit"),
            settings.duration("signaling.masterless-limit"),
            settings.number("signaling.max-talkers", 0, 16)));
  }

  private static RelaySettings relay(Settings settings) {
    Duration maxAge = settings.duration("signaling.max-age");
    Duration goAwayNotice = settings.duration("signaling.go-away-notice");
    if (goAwayNotice.compareTo(maxAge) >= 0) {
      throw new InvalidSetting(
          "setting 'signaling.go-away-notice' must be below 'signaling.max-age'");
    }
    Duration pingInterval = settings.duration("signaling.ping-interval");
    if (pingInterval.isZero()
        || pingInterval.compareTo(settings.duration("http.idle-timeout")) >= 0) {
      throw new InvalidSetting(
          "setting 'signaling.ping-interval' must be above 0 and below 'http.idle-timeout'");
    }
    Duration idleLimit = settings.duration("signaling.idle-limit");
    if (idleLimit.isZero()) {
      throw new InvalidSetting("setting 'signaling.idle-limit' must be above 0");
    }
    return new RelaySettings(
        settings.number("signaling.max-connections", 1, 1_000_000),
        settings.number("signaling.max-viewers", 1, 100_000),
        settings.number("signaling.connect-rate", 0, 100_000),
        settings.number("signaling.sdp-rate", 0, 100_000),
        settings.number("signaling.ice-rate", 0, 100_000),
        settings.number("signaling.ice-config-rate", 0, 100_000),
        settings.number("signaling.max-payload", 1, 10_000_000),
        settings.number("signaling.max-malformed", 0, 1_000_000),
        settings.number("signaling.max-kept-messages", 0, 1_000_000),
        settings.bytes("signaling.max-kept"),
        settings.intBytes("signaling.max-unsent"),
        idleLimit,
        maxAge,
        goAwayNotice,
        pingInterval);
  }

  /** The TURN server that all who speak WebRTC are told of. */
  static TurnSettings turn(Settings settings) {
    String urls = settings.text("signaling.turn-urls");
    List<String> list =
        urls.isEmpty() ? List.of() : Stream.of(urls.split(",")).map(String::trim).toList();
    for (String url : list) {
      if (!url.matches("(turns?|stuns?):\\S{1,250}")) {
        throw new InvalidSetting(
            "setting 'signaling.turn-urls' has '"
                + url
                + "', but must be turn:, turns: or stun: URLs");
      }
    }
    Duration lifetime = settings.duration("signaling.turn-lifetime");
    if (lifetime.compareTo(MIN_TURN_LIFETIME) < 0 || lifetime.compareTo(MAX_TURN_LIFETIME) > 0) {
      throw new InvalidSetting("setting 'signaling.turn-lifetime' must be from 30 s to 1 d");
    }
    return new TurnSettings(list, settings.text("signaling.turn-secret"), lifetime);
  }

  /** The TLS listener is preferred, since most clients of signaling take no other. */
  static String secured(String publicUrl, OptionalInt tlsPort) {
    URI parsed = URI.create(publicUrl);
    return withoutUsualPort(
        parsed.getScheme().equals("http") && tlsPort.isPresent()
            ? "https://" + parsed.getHost() + ":" + tlsPort.getAsInt()
            : publicUrl);
  }

  /** Some clients refuse an address with a port although it is the scheme's own. */
  private static String withoutUsualPort(String url) {
    String usual = url.startsWith("https:") ? ":443" : ":80";
    return url.endsWith(usual) ? url.substring(0, url.length() - usual.length()) : url;
  }
}
