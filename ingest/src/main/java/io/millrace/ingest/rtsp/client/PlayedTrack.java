package io.millrace.ingest.rtsp.client;

import io.millrace.ingest.rtp.clock.CaptureClock;
import io.millrace.ingest.rtp.receive.RtpReceiver;
import org.jspecify.annotations.Nullable;

/** A track on its way: its receiver, and where its packets come. */
final class PlayedTrack {
  final int number;
  final String control;
  final CaptureClock clock;
  final RtpReceiver receiver;

  /** Channel of its RTP packets; that of RTCP is the next. */
  int channel;

  /** Null while packets come over the connection. */
  @Nullable UdpPair ports;

  int serverControlPort;

  PlayedTrack(int number, String control, CaptureClock clock, RtpReceiver receiver) {
    this.number = number;
    this.control = control;
    this.clock = clock;
    this.receiver = receiver;
  }
}
