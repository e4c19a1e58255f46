package io.millrace.ingest.rtp.receive;

import io.millrace.ingest.rtp.payload.DepacketizerSettings;
import java.time.Duration;

/**
 * How packets are put in order.
 *
 * @param reorderWindow how long a missing packet is waited for; zero where the transport keeps
 *     order
 * @param maxHeldPackets most packets that wait behind a missing one
 * @param maxHeldBytes most bytes of them
 * @param restartDistance a sequence number this far off means that the source began anew
 * @param frames limits of frames
 */
public record ReceiverSettings(
    Duration reorderWindow,
    int maxHeldPackets,
    int maxHeldBytes,
    int restartDistance,
    DepacketizerSettings frames) {

  /** For UDP: 250 ms, 1,024 packets, 2 MiB, 3,000 numbers. */
  public static ReceiverSettings datagrams() {
    return new ReceiverSettings(
        Duration.ofMillis(250), 1024, 2 << 20, 3000, DepacketizerSettings.defaults());
  }

  /** For transports that keep order. */
  public static ReceiverSettings ordered() {
    return new ReceiverSettings(Duration.ZERO, 0, 0, 3000, DepacketizerSettings.defaults());
  }
}
