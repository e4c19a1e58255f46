package io.millrace.server.config;

import io.millrace.ingest.rtp.clock.ClockSettings;
import io.millrace.ingest.rtp.payload.DepacketizerSettings;
import io.millrace.ingest.rtp.receive.ReceiverSettings;
import io.millrace.ingest.rtsp.auth.Credentials;
import io.millrace.ingest.rtsp.message.MessageSettings;
import io.millrace.ingest.rtsp.server.RtspSettings;
import io.millrace.ingest.sdp.SdpSettings;
import java.util.Optional;

/** Reads the {@code rtsp} section. */
public final class RtspConfig {
  private static final int MAX_PORT = 65_535;
  private static final int MANY = 1_000_000;

  private RtspConfig() {}

  /**
   * The listener's settings; empty where there is to be no RTSP.
   *
   * @param instances event loops that serve it
   * @throws InvalidSetting also when the address is open to the network without credentials
   */
  public static Optional<RtspSettings> read(Settings settings, int instances) {
    String host = settings.text("rtsp.host");
    String key = host.isEmpty() ? "http.host" : "rtsp.host";
    String address = host.isEmpty() ? settings.text("http.host") : host;
    Optional<Credentials> credentials = credentials(settings);
    boolean listens = !settings.text("rtsp.port").isEmpty();
    if (listens
        && credentials.isEmpty()
        && !settings.flag("http.insecure")
        && !HttpSettings.isLoopback(key, address)) {
      throw new InvalidSetting(
          "setting '"
              + key
              + "' is '"
              + address
              + "', open to the network, but RTSP has no credentials; set rtsp.user and"
              + " rtsp.password, or use 127.0.0.1, or --insecure to accept that");
    }
    RtspSettings read =
        new RtspSettings(
            address,
            listens ? settings.number("rtsp.port", 0, MAX_PORT) : 0,
            instances,
            credentials,
            settings.duration("rtsp.nonce-lifetime"),
            settings.number("rtsp.max-connections", 1, MANY),
            settings.number("rtsp.max-sessions", 1, MANY),
            settings.number("rtsp.max-tracks", 1, 100),
            settings.number("rtsp.max-pipelined", 1, 1000),
            settings.number("rtsp.max-refusals", 1, MANY),
            settings.duration("rtsp.session-timeout"),
            settings.duration("rtsp.describe-timeout"),
            settings.duration("rtsp.report-interval"),
            settings.number("rtsp.udp-port-min", 1024, MAX_PORT - 1) & ~1,
            settings.number("rtsp.udp-port-max", 0, MAX_PORT),
            settings.intBytes("rtsp.udp-buffer"),
            settings.number("rtsp.max-packet", 200, 60_000),
            settings.intBytes("rtsp.max-unsent"),
            new MessageSettings(
                settings.intBytes("rtsp.max-line"),
                settings.number("rtsp.max-headers", 1, 10_000),
                settings.intBytes("rtsp.max-body")),
            SdpSettings.defaults(),
            datagrams(settings),
            new ClockSettings(
                settings.flag("rtsp.camera-clock"),
                settings.duration("rtsp.max-clock-offset"),
                ClockSettings.defaults().jumpTolerance()));
    return listens ? Optional.of(read) : Optional.empty();
  }

  private static ReceiverSettings datagrams(Settings settings) {
    return new ReceiverSettings(
        settings.duration("rtsp.reorder-window"),
        settings.number("rtsp.max-held-packets", 1, MANY),
        settings.intBytes("rtsp.max-held"),
        ReceiverSettings.datagrams().restartDistance(),
        DepacketizerSettings.defaults());
  }

  private static Optional<Credentials> credentials(Settings settings) {
    String user = settings.text("rtsp.user");
    String password = settings.text("rtsp.password");
    if (user.isEmpty() != password.isEmpty()) {
      throw new InvalidSetting("settings 'rtsp.user' and 'rtsp.password' go together");
    }
    return user.isEmpty() ? Optional.empty() : Optional.of(new Credentials(user, password));
  }
}
