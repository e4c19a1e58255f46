package io.millrace.ingest.webrtc.ice;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * A candidate as SDP writes it (RFC 8839 section 5.1, RFC 6544 section 4.5).
 *
 * @param foundation same for candidates that are likely to fare alike
 * @param tcp whether it is a passive TCP candidate
 * @param priority higher is better
 * @param address always numeric
 * @param type {@code host}, {@code srflx}, {@code prflx} or {@code relay}
 */
public record IceCandidate(
    String foundation, boolean tcp, long priority, InetSocketAddress address, String type) {
  private static final int RTP_COMPONENT = 1;
  private static final int MAX_LENGTH = 512;
  private static final int HOST_PREFERENCE = 126;
  private static final int TCP_LESS = 30;
  private static final long MAX_PRIORITY = 0x7fffffffL;

  /**
   * Our own candidate.
   *
   * @param rank 0 for the address to be tried first
   */
  public static IceCandidate host(InetSocketAddress address, boolean tcp, int rank) {
    int preference = HOST_PREFERENCE - (tcp ? TCP_LESS : 0);
    long priority = ((long) preference << 24) | ((long) (0xffff - rank) << 8) | 255;
    return new IceCandidate((tcp ? "t" : "u") + rank, tcp, priority, address, "host");
  }

  /**
   * Reads a candidate of another side, for the only component there is with rtcp-mux.
   *
   * @param text {@code candidate:…}, with or without {@code a=} before it
   * @return empty for what we cannot use: host names, which nobody should make us look up, TCP
   *     candidates, since we never connect, and what is malformed
   */
  public static Optional<IceCandidate> parse(String text) {
    String value = text.startsWith("a=") ? text.substring(2) : text;
    if (!value.startsWith("candidate:") || value.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    String[] words = value.substring("candidate:".length()).trim().split(" +");
    if (words.length < 8
        || !words[1].equals(Integer.toString(RTP_COMPONENT))
        || !words[2].equalsIgnoreCase("udp")
        || !words[6].equals("typ")) {
      return Optional.empty();
    }
    try {
      long priority = Long.parseLong(words[3]);
      int port = Integer.parseInt(words[5]);
      InetAddress host = InetAddress.ofLiteral(words[4]);
      if (priority < 1 || priority > MAX_PRIORITY || port < 1 || port > 65_535) {
        return Optional.empty();
      }
      if (host.isAnyLocalAddress() || host.isMulticastAddress()) {
        return Optional.empty();
      }
      return Optional.of(
          new IceCandidate(words[0], false, priority, new InetSocketAddress(host, port), words[7]));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** As the value of an SDP attribute line, without {@code a=}. */
  public String toSdp() {
    String text =
        "candidate:%s %d %s %d %s %d typ %s"
            .formatted(
                foundation,
                RTP_COMPONENT,
                tcp ? "tcp" : "udp",
                priority,
                address.getAddress().getHostAddress().replaceFirst("%.*", ""),
                address.getPort(),
                type);
    return tcp ? text + " tcptype passive" : text;
  }
}
