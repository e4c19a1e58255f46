package io.millrace.playback.frame;

import io.millrace.media.track.Frame;
import java.util.OptionalLong;

/** What the stored video shows at an instant. */
sealed interface ShownFrame {
  /** The frame on display. */
  record Found(FragmentVideo video, Frame frame) implements ShownFrame {}

  /** Fragments cover the instant, but they hold no video. */
  record NoVideo() implements ShownFrame {}

  /**
   * Nothing covers the instant.
   *
   * @param beforeNanos end of what is stored before it
   * @param afterNanos start of what is stored after it
   */
  record Gap(OptionalLong beforeNanos, OptionalLong afterNanos) implements ShownFrame {}
}
