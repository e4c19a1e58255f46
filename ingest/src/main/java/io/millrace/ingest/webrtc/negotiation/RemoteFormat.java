package io.millrace.ingest.webrtc.negotiation;

import io.millrace.ingest.rtp.payload.RtpFormat;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A payload format that the other side offers.
 *
 * @param format what it is
 * @param parameters its fmtp line as written, empty without one
 * @param feedback its rtcp-fb values, such as {@code nack pli}
 * @param retransmission payload type of its retransmissions (RFC 4588)
 */
record RemoteFormat(
    RtpFormat format, String parameters, Set<String> feedback, OptionalInt retransmission) {}
