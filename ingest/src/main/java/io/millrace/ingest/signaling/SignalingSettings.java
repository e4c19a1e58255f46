package io.millrace.ingest.signaling;

import io.millrace.ingest.control.ControlSettings;
import io.millrace.ingest.signaling.relay.RelaySettings;
import io.millrace.ingest.signaling.storage.StorageSettings;
import io.millrace.ingest.webrtc.ice.TurnSettings;
import java.util.function.Supplier;

/**
 * Settings of signaling.
 *
 * @param control region and account of this server
 * @param publicUrl {@code http} or {@code https}, host and, where it is not the scheme's own, port
 *     under which clients reach signaling; no trailing slash. Asked at each call
 * @param maxChannels most channels; default 10,000
 * @param relay limits of WebSockets
 * @param turn the TURN server that clients are told of
 * @param storage limits of storage sessions
 */
public record SignalingSettings(
    ControlSettings control,
    Supplier<String> publicUrl,
    int maxChannels,
    RelaySettings relay,
    TurnSettings turn,
    StorageSettings storage) {

  /** The documented defaults. */
  public static SignalingSettings defaults(ControlSettings control, Supplier<String> publicUrl) {
    return new SignalingSettings(
        control,
        publicUrl,
        10_000,
        RelaySettings.defaults(),
        TurnSettings.none(),
        StorageSettings.defaults());
  }

  /** The same with another number of channels. */
  public SignalingSettings withMaxChannels(int channels) {
    return new SignalingSettings(control, publicUrl, channels, relay, turn, storage);
  }

  /** The same with other limits of WebSockets. */
  public SignalingSettings withRelay(RelaySettings limits) {
    return new SignalingSettings(control, publicUrl, maxChannels, limits, turn, storage);
  }

  /** The same with another TURN server. */
  public SignalingSettings withTurn(TurnSettings server) {
    return new SignalingSettings(control, publicUrl, maxChannels, relay, server, storage);
  }

  /** The same with other limits of storage sessions. */
  public SignalingSettings withStorage(StorageSettings limits) {
    return new SignalingSettings(control, publicUrl, maxChannels, relay, turn, limits);
  }
}
