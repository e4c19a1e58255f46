package io.millrace.ingest.signaling;

import io.millrace.ingest.control.ControlSettings;
import java.util.function.Supplier;

/**
 * Settings of signaling.
 *
 * @param control region and account of this server
 * @param publicUrl {@code http} or {@code https}, host and, where it is not the scheme's own, port
 *     under which clients reach signaling; no trailing slash. Asked at each call
 * @param maxChannels most channels; default 10,000
 */
public record SignalingSettings(
    ControlSettings control, Supplier<String> publicUrl, int maxChannels) {

  /** The documented defaults. */
  public static SignalingSettings defaults(ControlSettings control, Supplier<String> publicUrl) {
    return new SignalingSettings(control, publicUrl, 10_000);
  }

  /** The same with another number of channels. */
  public SignalingSettings withMaxChannels(int channels) {
    return new SignalingSettings(control, publicUrl, channels);
  }
}
