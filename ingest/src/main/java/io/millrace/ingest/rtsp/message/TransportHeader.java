package io.millrace.ingest.rtsp.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One transport of a {@code Transport} header (RFC 2326 section 12.39).
 *
 * @param tcp whether packets are interleaved with the messages; else each is a datagram
 * @param multicast whether datagrams go to a group
 * @param record whether media flow from the client to the server
 * @param interleaved channels of RTP and RTCP, null where none are named
 * @param clientPorts ports of RTP and RTCP of the client, null where none are named
 * @param serverPorts likewise of the server
 * @param ssrc source of the media as 32 bits, empty where none is named
 */
public record TransportHeader(
    boolean tcp,
    boolean multicast,
    boolean record,
    @Nullable Pair interleaved,
    @Nullable Pair clientPorts,
    @Nullable Pair serverPorts,
    OptionalInt ssrc) {
  private static final Pattern PAIR = Pattern.compile("([0-9]{1,5})(?:-([0-9]{1,5}))?");
  private static final Pattern SSRC = Pattern.compile("[0-9A-Fa-f]{1,8}");
  private static final int MAX_OFFERS = 16;
  private static final int MAX_CHANNEL = 255;
  private static final int MAX_PORT = 65_535;

  /** Numbers for RTP and RTCP. */
  public record Pair(int rtp, int rtcp) {
    @Override
    public String toString() {
      return rtp + "-" + rtcp;
    }
  }

  /** A request for channels of the connection. */
  public static TransportHeader interleaved(boolean record, Pair channels) {
    return new TransportHeader(true, false, record, channels, null, null, OptionalInt.empty());
  }

  /** A request for datagrams. */
  public static TransportHeader udp(boolean record, Pair clientPorts) {
    return new TransportHeader(false, false, record, null, clientPorts, null, OptionalInt.empty());
  }

  /** Those of a header that can be read, in order of preference. */
  public static List<TransportHeader> parse(String header) {
    List<TransportHeader> all = new ArrayList<>();
    for (String each : header.split(",", MAX_OFFERS)) {
      one(each.strip()).ifPresent(all::add);
    }
    return all;
  }

  private static Optional<TransportHeader> one(String text) {
    String[] words = text.split(";", -1);
    String protocol = words[0].strip().toUpperCase(Locale.ROOT);
    boolean tcp = protocol.equals("RTP/AVP/TCP");
    if (!tcp && !protocol.equals("RTP/AVP") && !protocol.equals("RTP/AVP/UDP")) {
      return Optional.empty();
    }
    boolean multicast = false;
    boolean record = false;
    @Nullable Pair interleaved = null;
    @Nullable Pair clientPorts = null;
    @Nullable Pair serverPorts = null;
    OptionalInt ssrc = OptionalInt.empty();
    for (String each : words) {
      int equals = each.indexOf('=');
      String name = (equals < 0 ? each : each.substring(0, equals)).strip();
      String value = equals < 0 ? "" : each.substring(equals + 1).strip();
      switch (name.toLowerCase(Locale.ROOT)) {
        case "multicast" -> multicast = true;
        case "mode" -> record = value.toUpperCase(Locale.ROOT).matches("\"?(RECORD|RECEIVE)\"?");
        case "interleaved" -> interleaved = pair(value, MAX_CHANNEL);
        case "client_port" -> clientPorts = pair(value, MAX_PORT);
        case "server_port" -> serverPorts = pair(value, MAX_PORT);
        case "ssrc" -> {
          if (SSRC.matcher(value).matches()) {
            ssrc = OptionalInt.of(Integer.parseUnsignedInt(value, 16));
          }
        }
        default -> {
          // others say nothing that we act on
        }
      }
    }
    return Optional.of(
        new TransportHeader(tcp, multicast, record, interleaved, clientPorts, serverPorts, ssrc));
  }

  private static @Nullable Pair pair(String text, int max) {
    Matcher matcher = PAIR.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    int first = Integer.parseInt(matcher.group(1));
    int second = matcher.group(2) == null ? first + 1 : Integer.parseInt(matcher.group(2));
    return first <= max && second <= max ? new Pair(first, second) : null;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(tcp ? "RTP/AVP/TCP" : "RTP/AVP");
    text.append(multicast ? ";multicast" : ";unicast");
    if (interleaved != null) {
      text.append(";interleaved=").append(interleaved);
    }
    if (clientPorts != null) {
      text.append(";client_port=").append(clientPorts);
    }
    if (serverPorts != null) {
      text.append(";server_port=").append(serverPorts);
    }
    ssrc.ifPresent(value -> text.append(";ssrc=").append("%08X".formatted(value)));
    if (record) {
      text.append(";mode=record");
    }
    return text.toString();
  }
}
