package io.millrace.server.config;

import io.millrace.ingest.IngestSettings;
import io.millrace.ingest.control.ControlSettings;
import io.millrace.ingest.feed.FeedSettings;
import io.millrace.ingest.fragmenter.FragmenterSettings;
import io.millrace.ingest.fragmenter.GopSettings;
import io.millrace.ingest.putmedia.PutMediaSettings;
import io.millrace.ingest.upload.UploadSettings;
import java.nio.file.Path;
import java.util.function.Supplier;

/** Reads the {@code ingest} section. */
public final class IngestConfig {
  private IngestConfig() {}

  /**
   * The room's settings.
   *
   * @param publicUrl what clients use to reach the server, asked at each call
   * @param spoolDirectory where uploaded MP4 files lie while they are read
   */
  public static IngestSettings read(
      Settings settings, Supplier<String> publicUrl, Path spoolDirectory) {
    return new IngestSettings(
        new ControlSettings(
            settings.text("region"),
            settings.text("account"),
            publicUrl,
            settings.number("ingest.max-streams", 1, 10_000_000)),
        putMedia(settings),
        upload(settings, spoolDirectory),
        feed(settings));
  }

  private static UploadSettings upload(Settings settings, Path spoolDirectory) {
    return new UploadSettings(
        new GopSettings(
            settings.duration("ingest.upload-min-fragment"),
            settings.duration("ingest.upload-sound-fragment"),
            settings.duration("ingest.max-fragment-duration"),
            settings.intBytes("ingest.max-fragment")),
        spoolDirectory,
        settings.bytes("ingest.upload-max-spool"),
        settings.number("ingest.max-uploads", 1, 10_000),
        settings.intBytes("ingest.upload-max-unpersisted"),
        settings.duration("ingest.busy-retry"),
        settings.duration("ingest.busy-timeout"),
        settings.number("ingest.upload-retention-hours", 0, 87_600),
        settings.duration("ingest.upload-gap-tolerance"),
        settings.number("ingest.upload-max-listed-gaps", 0, 100_000));
  }

  private static FeedSettings feed(Settings settings) {
    return new FeedSettings(
        new GopSettings(
            settings.duration("feed.min-fragment"),
            settings.duration("feed.sound-fragment"),
            settings.duration("ingest.max-fragment-duration"),
            settings.intBytes("ingest.max-fragment")),
        settings.flag("feed.create-streams"),
        settings.number("feed.retention-hours", 0, 87_600),
        settings.duration("feed.track-wait"),
        settings.intBytes("feed.max-held"),
        settings.number("feed.max-tracks", 1, 100),
        settings.duration("feed.gap-after"),
        settings.intBytes("feed.behind"),
        settings.intBytes("feed.max-unpersisted"),
        settings.duration("ingest.busy-retry"),
        settings.duration("ingest.busy-timeout"),
        settings.number("feed.max-pending-events", 1, 1_000_000));
  }

  private static PutMediaSettings putMedia(Settings settings) {
    return new PutMediaSettings(
        fragmenter(settings),
        settings.number("ingest.max-connections", 1, 1_000_000),
        settings.intBytes("ingest.max-unpersisted"),
        settings.bytes("ingest.max-buffered"),
        settings.duration("ingest.busy-retry"),
        settings.duration("ingest.busy-timeout"),
        settings.duration("ingest.quiet-after"),
        settings.duration("ingest.idle-ack-interval"),
        settings.duration("ingest.idle-limit"),
        settings.duration("ingest.max-connection-duration"),
        settings.duration("ingest.stale-after"),
        settings.duration("ingest.overlap-limit"));
  }

  private static FragmenterSettings fragmenter(Settings settings) {
    FragmenterSettings defaults = FragmenterSettings.defaults();
    return new FragmenterSettings(
        settings.intBytes("ingest.max-fragment"),
        settings.duration("ingest.max-fragment-duration"),
        settings.number("ingest.max-tracks", 1, 100),
        settings.intBytes("ingest.max-prelude"),
        settings.number("ingest.max-tags", 0, 1000),
        settings.intBytes("ingest.max-tag-name"),
        settings.intBytes("ingest.max-tag-value"),
        settings.duration("ingest.order-tolerance"),
        defaults.everyTrack(),
        defaults.manyDocuments());
  }
}
