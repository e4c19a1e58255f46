package io.millrace.server.config;

import io.millrace.playback.PlaybackSettings;
import io.millrace.playback.frame.DecoderSettings;
import io.millrace.playback.frame.FrameSettings;
import io.millrace.playback.getmedia.GetMediaSettings;
import io.millrace.playback.hls.HlsSettings;
import io.millrace.playback.reading.ReadingSettings;
import io.millrace.playback.timeline.TimelineSettings;
import java.nio.file.Path;

/** Reads the {@code playback} section. */
public final class PlaybackConfig {
  private static final int MANY = 1_000_000;

  private PlaybackConfig() {}

  /**
   * The room's settings.
   *
   * @param nativeCache where libav is unpacked once
   */
  public static PlaybackSettings read(Settings settings, Path nativeCache) {
    return new PlaybackSettings(
        getMedia(settings),
        hls(settings),
        new FrameSettings(
            settings.duration("playback.frame-gap-tolerance"),
            settings.number("playback.pictures-per-job", 1, 100),
            settings.intBytes("playback.max-image"),
            settings.intBytes("playback.max-images-page")),
        decoders(settings, nativeCache),
        new TimelineSettings(
            settings.duration("playback.timeline-gap-tolerance"),
            settings.duration("playback.timeline-default-span"),
            settings.number("playback.timeline-max-fragments", 1, 100 * MANY),
            settings.number("playback.timeline-max-ranges", 1, MANY),
            settings.number("playback.timeline-max-events", 1, MANY)),
        new ReadingSettings(
            settings.duration("playback.reading-start-wait"),
            settings.duration("playback.timeline-gap-tolerance"),
            settings.number("playback.max-readings", 1, MANY)));
  }

  private static GetMediaSettings getMedia(Settings settings) {
    return new GetMediaSettings(
        settings.number("playback.replies-per-stream", 1, MANY),
        settings.number("playback.replies", 1, MANY),
        settings.duration("playback.max-reply-duration"),
        settings.duration("playback.poll-wait"),
        settings.duration("playback.now-freshness"),
        settings.intBytes("playback.reply-write"));
  }

  private static HlsSettings hls(Settings settings) {
    return new HlsSettings(
        settings.number("playback.hls-sessions", 1, MANY),
        settings.number("playback.hls-formats-per-session", 1, MANY),
        settings.number("playback.hls-cached-formats", 1, MANY),
        settings.bytes("playback.hls-segment-cache"),
        settings.intBytes("playback.hls-loop-segment"),
        settings.duration("playback.hls-live-freshness"),
        settings.duration("playback.hls-gap-tolerance"),
        settings.number("playback.hls-remembered-times", 1, MANY));
  }

  private static DecoderSettings decoders(Settings settings, Path nativeCache) {
    return new DecoderSettings(
        settings.number("playback.decoder-workers", 1, 256),
        settings.number("playback.decoder-threads", 1, 64),
        settings.number("playback.decoder-queue", 1, MANY),
        settings.duration("playback.decoder-job-limit"),
        settings.duration("playback.decoder-start-limit"),
        settings.number("playback.decoder-jobs-per-worker", 1, MANY),
        settings.bytes("playback.decoder-heap"),
        settings.bytes("playback.decoder-max-resident"),
        nativeCache);
  }
}
