package io.millrace.ingest.webrtc.ice;

import java.time.Duration;
import java.util.List;

/**
 * An external TURN server that clients are told of.
 *
 * @param urls such as {@code turn:turn.example.org:3478?transport=udp}; empty for none
 * @param secret shared with the server ({@code static-auth-secret} of coturn); empty where it asks
 *     for nothing
 * @param lifetime how long credentials are good for
 */
public record TurnSettings(List<String> urls, String secret, Duration lifetime) {
  public TurnSettings {
    urls = List.copyOf(urls);
  }

  /** No server. */
  public static TurnSettings none() {
    return new TurnSettings(List.of(), "", Duration.ofHours(1));
  }
}
