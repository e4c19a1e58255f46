package io.millrace.playback.hls;

import java.time.Duration;

/**
 * Limits and choices of HLS.
 *
 * @param sessions sessions alive at once
 * @param formatsPerSession decoder setups one session may go through
 * @param cachedFormats decoder setups remembered, of all streams
 * @param segmentCacheBytes built segments kept for the next viewer
 * @param loopSegmentBytes fragments up to this size are remuxed on the event loop, larger ones on a
 *     worker thread
 * @param liveFreshness a LIVE session needs a fragment that arrived within this time
 * @param gapTolerance a gap or overlap up to this is no discontinuity
 * @param rememberedTimes producer times a live session remembers to drop repeated fragments
 */
public record HlsSettings(
    int sessions,
    int formatsPerSession,
    int cachedFormats,
    long segmentCacheBytes,
    int loopSegmentBytes,
    Duration liveFreshness,
    Duration gapTolerance,
    int rememberedTimes) {
  /** 2,000 sessions of 500 formats, 64 MiB of segments, 30 s, 50 ms. */
  public static HlsSettings defaults() {
    return new HlsSettings(
        2_000, 500, 1_024, 64L << 20, 2 << 20, Duration.ofSeconds(30), Duration.ofMillis(50), 256);
  }
}
