package io.millrace.playback;

import io.millrace.playback.frame.DecoderMetrics;
import io.millrace.playback.getmedia.GetMediaCounters;
import io.millrace.playback.hls.HlsCounters;

/**
 * The figures of this room, by kind of playback.
 *
 * @param getMedia of the operations that hand stored bytes back
 * @param hls of HLS
 * @param decoders of the decoder workers
 */
public record PlaybackMetrics(
    GetMediaCounters getMedia, HlsCounters hls, DecoderMetrics decoders) {}
