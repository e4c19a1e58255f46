package io.millrace.server.config;

import io.millrace.ingest.control.ControlSettings;
import io.millrace.ingest.edge.EdgeSettings;
import io.millrace.ingest.rtp.clock.ClockSettings;
import io.millrace.ingest.rtp.payload.DepacketizerSettings;
import io.millrace.ingest.rtp.receive.ReceiverSettings;
import io.millrace.ingest.rtsp.client.RtspClientSettings;
import io.millrace.ingest.rtsp.message.MessageSettings;
import io.millrace.ingest.sdp.SdpSettings;
import io.millrace.ingest.source.SourceSettings;
import io.millrace.ingest.source.libav.LibavSettings;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;

/** Reads the {@code sources} and {@code edge} sections. */
public final class SourceConfig {
  private SourceConfig() {}

  /** How cameras are pulled. */
  public static SourceSettings read(Settings settings) {
    return new SourceSettings(
        settings.number("sources.max-sources", 1, 100_000),
        settings.duration("sources.first-retry"),
        settings.duration("sources.max-retry"),
        settings.duration("sources.steady-after"),
        settings.duration("sources.silence"),
        settings.number("sources.max-probes", 1, 10_000));
  }

  /** How RTSP cameras are asked. */
  public static RtspClientSettings rtsp(Settings settings) {
    ReceiverSettings datagrams = ReceiverSettings.datagrams();
    return new RtspClientSettings(
        MessageSettings.defaults(),
        SdpSettings.defaults(),
        new ReceiverSettings(
            settings.duration("sources.reorder-window"),
            settings.number("sources.max-held-packets", 0, 100_000),
            settings.intBytes("sources.max-held"),
            datagrams.restartDistance(),
            new DepacketizerSettings(
                settings.intBytes("sources.max-frame"), datagrams.frames().maxUnits())),
        new ClockSettings(
            settings.flag("sources.camera-clock"),
            settings.duration("sources.max-clock-offset"),
            settings.duration("sources.clock-jump-tolerance")),
        settings.duration("sources.connect-limit"),
        settings.duration("sources.answer-limit"),
        settings.duration("sources.report-interval"),
        settings.number("sources.max-redirects", 0, 100),
        settings.number("sources.max-tracks", 1, 100),
        settings.duration("sources.probe-time"),
        settings.flag("sources.trust-all-certificates"));
  }

  /** How sources are read through libav. */
  public static LibavSettings libav(Settings settings) {
    return new LibavSettings(
        settings.number("sources.max-workers", 0, 10_000),
        settings.bytes("sources.worker-heap"),
        settings.intBytes("sources.max-frame"),
        settings.intBytes("sources.worker-queue"),
        settings.duration("sources.worker-start-limit"),
        settings.duration("sources.listen-limit"),
        settings.duration("sources.probe-time"),
        settings.flag("sources.trust-all-certificates"),
        settings.text("http.host"),
        settings.flag("http.insecure"));
  }

  /** How edge configurations are carried out. */
  public static EdgeSettings edge(Settings settings, ControlSettings control) {
    String zone = settings.text("edge.time-zone");
    try {
      return new EdgeSettings(
          control, settings.number("edge.max-configurations", 0, 100_000), ZoneId.of(zone));
    } catch (DateTimeException e) {
      throw new InvalidSetting(
          "setting 'edge.time-zone' must be like UTC or Europe/Berlin, not '%s'".formatted(zone));
    }
  }

  /**
   * The file with the key that passwords are sealed with.
   *
   * @param data folder for everything that is kept
   */
  public static Path keyFile(Settings settings, Path data) {
    String named = settings.text("sources.key-file");
    return named.isEmpty() ? data.resolve("secret.key") : Path.of(named);
  }
}
