package io.millrace.playback;

import io.millrace.playback.frame.DecoderSettings;
import io.millrace.playback.frame.FrameSettings;
import io.millrace.playback.getmedia.GetMediaSettings;
import io.millrace.playback.hls.HlsSettings;
import io.millrace.playback.reading.ReadingSettings;
import io.millrace.playback.timeline.TimelineSettings;
import java.nio.file.Path;

/**
 * Every limit and choice of this room.
 *
 * @param getMedia of the operations that hand stored bytes back
 * @param hls of HLS
 * @param frames of the operations that answer with pictures
 * @param decoders of the decoder workers
 * @param timeline of the timeline
 * @param readings of readings frame by frame
 */
public record PlaybackSettings(
    GetMediaSettings getMedia,
    HlsSettings hls,
    FrameSettings frames,
    DecoderSettings decoders,
    TimelineSettings timeline,
    ReadingSettings readings) {
  /**
   * The documented defaults.
   *
   * @param nativeCache where libav is unpacked once
   */
  public static PlaybackSettings defaults(Path nativeCache) {
    return new PlaybackSettings(
        GetMediaSettings.defaults(),
        HlsSettings.defaults(),
        FrameSettings.defaults(),
        DecoderSettings.defaults(nativeCache),
        TimelineSettings.defaults(),
        ReadingSettings.defaults());
  }
}
