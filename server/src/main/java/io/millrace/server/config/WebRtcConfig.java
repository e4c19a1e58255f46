package io.millrace.server.config;

import io.millrace.ingest.rtp.clock.ClockSettings;
import io.millrace.ingest.webrtc.WebRtcSettings;
import io.millrace.ingest.webrtc.dtls.DtlsSettings;
import io.millrace.ingest.webrtc.ice.IceSettings;
import io.millrace.ingest.webrtc.peer.PeerSettings;
import io.millrace.ingest.webrtc.transport.TcpSettings;
import io.millrace.ingest.webrtc.whip.WhipSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the {@code webrtc} section. */
public final class WebRtcConfig {
  private static final int MAX_PORT = 65_535;
  private static final int MANY = 1_000_000;

  private WebRtcConfig() {}

  /**
   * The room's settings; empty where there is to be no WebRTC.
   *
   * @throws InvalidSetting also for addresses that cannot be found
   */
  public static Optional<WebRtcSettings> read(Settings settings) {
    String host = settings.text("webrtc.host");
    String port = settings.text("webrtc.port");
    InetAddress address =
        address("webrtc.host", host.isEmpty() ? settings.text("http.host") : host);
    WebRtcSettings read =
        new WebRtcSettings(
            new InetSocketAddress(
                address, port.isEmpty() ? 0 : settings.number("webrtc.port", 0, MAX_PORT)),
            settings.text("webrtc.tcp-port").isEmpty()
                ? Optional.empty()
                : Optional.of(settings.number("webrtc.tcp-port", 0, MAX_PORT)),
            publicAddresses(settings),
            settings.intBytes("webrtc.socket-buffer"),
            new TcpSettings(
                settings.number("webrtc.tcp-max-connections", 1, MANY),
                settings.duration("webrtc.tcp-claim-timeout"),
                settings.intBytes("webrtc.tcp-max-queued")),
            ice(settings),
            dtls(settings),
            peers(settings),
            new WhipSettings(
                settings.intBytes("webrtc.max-offer"),
                settings.duration("webrtc.offer-timeout"),
                SignalingConfig.turn(settings)));
    return port.isEmpty() ? Optional.empty() : Optional.of(read);
  }

  private static IceSettings ice(Settings settings) {
    IceSettings defaults = IceSettings.defaults();
    return new IceSettings(
        settings.duration("webrtc.consent-timeout"),
        defaults.consentInterval(),
        defaults.checkInterval(),
        defaults.checkRetransmit(),
        defaults.maxChecks(),
        settings.number("webrtc.max-candidates", 1, 1000),
        settings.number("webrtc.max-routes", 1, 1000));
  }

  private static DtlsSettings dtls(Settings settings) {
    DtlsSettings defaults = DtlsSettings.defaults();
    return new DtlsSettings(
        settings.number("webrtc.handshakes-at-once", 1, 10_000),
        settings.number("webrtc.handshakes-per-address", 1, 10_000),
        settings.duration("webrtc.handshake-timeout"),
        defaults.retransmit(),
        defaults.maxQueuedRecords(),
        settings.intBytes("webrtc.max-handshake-message"));
  }

  private static PeerSettings peers(Settings settings) {
    return new PeerSettings(
        settings.number("webrtc.max-peers", 1, MANY),
        settings.number("webrtc.max-pending", 1, MANY),
        settings.duration("webrtc.connect-timeout"),
        settings.number("webrtc.max-queued-packets", 16, MANY),
        settings.number("webrtc.max-stranger-rate", 1, MANY),
        settings.number("webrtc.max-early-packets", 0, MANY),
        settings.number("webrtc.max-sources", 1, 1000),
        PeerSettings.receiver(settings.duration("webrtc.reorder-wait")),
        new ClockSettings(
            settings.flag("webrtc.camera-clock"),
            settings.duration("webrtc.max-clock-offset"),
            ClockSettings.defaults().jumpTolerance()),
        settings.duration("webrtc.keyframe-interval"),
        settings.duration("webrtc.keyframe-period"),
        settings.duration("webrtc.feedback-interval"),
        settings.duration("webrtc.report-interval"),
        settings.number("webrtc.start-bitrate", 100_000, Integer.MAX_VALUE),
        settings.number("webrtc.max-bitrate", 100_000, Integer.MAX_VALUE),
        settings.number("webrtc.history-packets", 0, 32_768));
  }

  private static List<InetAddress> publicAddresses(Settings settings) {
    List<InetAddress> addresses = new ArrayList<>();
    for (String each : list(settings, "webrtc.public-addresses")) {
      addresses.add(address("webrtc.public-addresses", each));
    }
    return addresses;
  }

  private static List<String> list(Settings settings, String key) {
    List<String> parts = new ArrayList<>();
    for (String each : settings.text(key).split(",")) {
      if (!each.isBlank()) {
        parts.add(each.strip());
      }
    }
    return parts;
  }

  private static InetAddress address(String key, String host) {
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new InvalidSetting("setting '%s' names %s, which is no address".formatted(key, host));
    }
  }
}
