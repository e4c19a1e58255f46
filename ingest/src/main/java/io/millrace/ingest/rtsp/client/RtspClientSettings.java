package io.millrace.ingest.rtsp.client;

import io.millrace.ingest.rtp.clock.ClockSettings;
import io.millrace.ingest.rtp.receive.ReceiverSettings;
import io.millrace.ingest.rtsp.message.MessageSettings;
import io.millrace.ingest.sdp.SdpSettings;
import java.time.Duration;

/**
 * How cameras are asked.
 *
 * @param messages limits of messages
 * @param descriptions limits of session descriptions
 * @param datagrams how packets over UDP are put in order
 * @param clock which clocks are believed
 * @param connectLimit for a connection to be made; default 10 s
 * @param answerLimit for a request to be answered; default 10 s
 * @param reportInterval of receiver reports; default 5 s
 * @param maxRedirects followed one after the other; default 5
 * @param maxTracks played of one camera; default 4
 * @param probeTime how long a probe looks at media; default 6 s
 * @param trustAll whether certificates of rtsps are taken unseen, since cameras sign their own
 */
public record RtspClientSettings(
    MessageSettings messages,
    SdpSettings descriptions,
    ReceiverSettings datagrams,
    ClockSettings clock,
    Duration connectLimit,
    Duration answerLimit,
    Duration reportInterval,
    int maxRedirects,
    int maxTracks,
    Duration probeTime,
    boolean trustAll) {
  /** The documented defaults. */
  public static RtspClientSettings defaults() {
    return new RtspClientSettings(
        MessageSettings.defaults(),
        SdpSettings.defaults(),
        ReceiverSettings.datagrams(),
        ClockSettings.defaults(),
        Duration.ofSeconds(10),
        Duration.ofSeconds(10),
        Duration.ofSeconds(5),
        5,
        4,
        Duration.ofSeconds(6),
        false);
  }
}
