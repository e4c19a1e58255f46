package io.millrace.ingest.rtsp.server;

import io.millrace.ingest.rtp.clock.ClockSettings;
import io.millrace.ingest.rtp.receive.ReceiverSettings;
import io.millrace.ingest.rtsp.auth.Credentials;
import io.millrace.ingest.rtsp.message.MessageSettings;
import io.millrace.ingest.sdp.SdpSettings;
import java.time.Duration;
import java.util.Optional;

/**
 * The RTSP listener and its limits.
 *
 * @param host address to listen on
 * @param port 0 takes a free one
 * @param instances event loops that serve it
 * @param credentials who may push and read; empty: everyone
 * @param nonceLifetime how long an answer to a Digest challenge is good; default 5 min
 * @param maxConnections most connections; default 2,000
 * @param maxSessions most sessions, pushed and read; default 2,000
 * @param maxTracks most tracks of one session; default 8
 * @param maxPipelined requests of a connection that wait for one before them, and answers that wait
 *     behind {@code maxUnsentBytes}, after which it is not heard; default 16
 * @param maxRefusals wrong answers to a challenge, or refused requests in a row, after which a
 *     connection is closed; default 20
 * @param sessionTimeout silence after which a session or connection ends; default 60 s
 * @param describeTimeout how long a reader waits for a stream's first frames; default 10 s
 * @param reportInterval pause between RTCP reports; default 5 s
 * @param minUdpPort first of the ports for RTP and RTCP over UDP, even; default 30,000
 * @param maxUdpPort last of them; default 31,999
 * @param udpBufferBytes wanted receive buffer of a UDP port; default 4 MiB
 * @param maxPacketBytes largest RTP packet that is sent; default 1,400
 * @param maxUnsentBytes what waits for a slow reader before it loses its place; default 1 MiB
 * @param messages limits of messages
 * @param sdp limits of session descriptions
 * @param datagrams how packets that came by UDP are put in order
 * @param clock which clocks are believed
 */
public record RtspSettings(
    String host,
    int port,
    int instances,
    Optional<Credentials> credentials,
    Duration nonceLifetime,
    int maxConnections,
    int maxSessions,
    int maxTracks,
    int maxPipelined,
    int maxRefusals,
    Duration sessionTimeout,
    Duration describeTimeout,
    Duration reportInterval,
    int minUdpPort,
    int maxUdpPort,
    int udpBufferBytes,
    int maxPacketBytes,
    int maxUnsentBytes,
    MessageSettings messages,
    SdpSettings sdp,
    ReceiverSettings datagrams,
    ClockSettings clock) {}
