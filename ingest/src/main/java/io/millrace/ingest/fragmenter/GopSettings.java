package io.millrace.ingest.fragmenter;

import java.time.Duration;

/**
 * How frames are gathered into fragments.
 *
 * @param minFragmentDuration a keyframe begins a new fragment only after this; default 800 ms, so
 *     that keyframes a second apart, with rounded times, each begin one
 * @param soundFragmentDuration length of fragments without video; default 2 s
 * @param maxFragmentDuration a fragment is cut here also before a frame that is no keyframe;
 *     default 20 s
 * @param maxFragmentBytes and here; default 50,000,000
 */
public record GopSettings(
    Duration minFragmentDuration,
    Duration soundFragmentDuration,
    Duration maxFragmentDuration,
    int maxFragmentBytes) {

  /** The documented defaults. */
  public static GopSettings defaults() {
    return new GopSettings(
        Duration.ofMillis(800), Duration.ofSeconds(2), Duration.ofSeconds(20), 50_000_000);
  }
}
