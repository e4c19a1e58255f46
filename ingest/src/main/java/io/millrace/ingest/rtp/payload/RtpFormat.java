package io.millrace.ingest.rtp.payload;

import java.util.Map;

/**
 * A payload format as SDP declares it (RFC 8866 rtpmap and fmtp).
 *
 * @param payloadType 0 to 127
 * @param encoding encoding name in upper case, such as {@code H264}, {@code MPEG4-GENERIC}, {@code
 *     PCMU}
 * @param clockRate ticks a second of the RTP timestamp
 * @param channels sound channels, 1 where SDP names none; 0 for video
 * @param parameters of the fmtp line, names in lower case, such as {@code sprop-parameter-sets}
 */
public record RtpFormat(
    int payloadType, String encoding, int clockRate, int channels, Map<String, String> parameters) {
  public RtpFormat {
    parameters = Map.copyOf(parameters);
  }
}
