package io.millrace.tests.camera;

import io.millrace.ingest.rtp.payload.PayloadFormats;
import io.millrace.ingest.rtp.payload.RtpFormat;
import io.millrace.media.track.Track;
import java.util.stream.Collectors;

/** What a camera with one film says of it. */
public final class FilmDescription {
  private FilmDescription() {}

  /**
   * The session description (RFC 8866); its track is controlled as {@code track1}.
   *
   * @param track of pictures
   */
  public static String of(int payloadType, Track track) {
    RtpFormat format = PayloadFormats.format(payloadType, track);
    String parameters =
        format.parameters().entrySet().stream()
            .map(each -> each.getKey() + "=" + each.getValue())
            .collect(Collectors.joining(";"));
    return String.join(
        "\r\n",
        "v=0",
        "o=- 1 1 IN IP4 127.0.0.1",
        "s=film",
        "t=0 0",
        "m=video 0 RTP/AVP " + payloadType,
        "c=IN IP4 0.0.0.0",
        "a=rtpmap:%d %s/%d".formatted(payloadType, format.encoding(), format.clockRate()),
        "a=fmtp:%d %s".formatted(payloadType, parameters),
        "a=control:track1",
        "");
  }
}
