package io.millrace.ingest.sdp;

import io.millrace.ingest.rtp.payload.RtpFormat;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A media section: an {@code m=} line and what follows it.
 *
 * @param kind {@code video}, {@code audio}, {@code application} …
 * @param port 0 to 65,535; 0 where the transport is agreed on elsewhere
 * @param protocol such as {@code RTP/AVP}
 * @param formats payload types, as text, in order of preference
 * @param bandwidth kbit/s by {@code b=AS}, 0 without
 * @param attributes in order
 */
public record MediaDescription(
    String kind,
    int port,
    String protocol,
    List<String> formats,
    int bandwidth,
    List<SdpAttribute> attributes) {
  public MediaDescription {
    formats = List.copyOf(formats);
    attributes = List.copyOf(attributes);
  }

  /** Values of an attribute, in order. */
  public Stream<String> values(String name) {
    return attributes.stream().filter(each -> each.name().equals(name)).map(SdpAttribute::value);
  }

  /** The first value of an attribute. */
  public Optional<String> value(String name) {
    return values(name).findFirst();
  }

  /** What an attribute such as {@code fmtp} says of each payload type, as written. */
  public Map<Integer, String> byPayloadType(String name) {
    return RtpMaps.numbered(this, name);
  }

  /** Whether an attribute is there. */
  public boolean has(String name) {
    return value(name).isPresent();
  }

  /** {@code a=control}: what the section is called in requests of RTSP, empty without one. */
  public String control() {
    return value("control").orElse("");
  }

  /** Which way its media flow, {@link Direction#SENDRECV} where nothing is said. */
  public Direction direction() {
    return Arrays.stream(Direction.values())
        .filter(each -> has(each.word()))
        .findFirst()
        .orElse(Direction.SENDRECV);
  }

  /** Its payload formats that are described, or known without, in order; each type once. */
  public List<RtpFormat> rtpFormats() {
    return RtpMaps.read(this);
  }

  /** A section that offers one payload format. */
  public static MediaDescription of(String kind, RtpFormat format, List<SdpAttribute> more) {
    return new MediaDescription(
        kind,
        0,
        "RTP/AVP",
        List.of(Integer.toString(format.payloadType())),
        0,
        Stream.concat(RtpMaps.write(kind, format).stream(), more.stream()).toList());
  }
}
