package io.millrace.ingest.webrtc.transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The ports that are open, and the addresses under which peers reach them.
 *
 * @param udp the port of all peers
 * @param tcp the TCP port, where there is one
 * @param addresses best first
 */
public record Ports(UdpPort udp, Optional<TcpPort> tcp, List<InetAddress> addresses) {
  private static final int MAX_ADDRESSES = 8;

  public Ports {
    addresses = List.copyOf(addresses);
  }

  /**
   * Addresses for peers: those configured, or the one bound to, or those of this machine.
   *
   * @param configured from the settings, may be empty
   * @param bound what the ports are bound to
   */
  public static List<InetAddress> addresses(List<InetAddress> configured, InetAddress bound) {
    if (!configured.isEmpty()) {
      return configured;
    }
    if (!bound.isAnyLocalAddress()) {
      return List.of(bound);
    }
    List<InetAddress> found = new ArrayList<>();
    List<InetAddress> loopback = new ArrayList<>();
    try {
      for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
        if (each.isUp()) {
          for (InetAddress address : Collections.list(each.getInetAddresses())) {
            if (address.isLoopbackAddress()) {
              loopback.add(address);
            } else if (!address.isLinkLocalAddress()) {
              found.add(address);
            }
          }
        }
      }
    } catch (SocketException e) {
      // Then peers on this machine can still connect.
      return List.of(InetAddress.getLoopbackAddress());
    }
    found.addAll(loopback);
    return found.stream().limit(MAX_ADDRESSES).toList();
  }

  /** Where peers reach the UDP port, best first. */
  public List<InetSocketAddress> udpAddresses() {
    return addresses.stream()
        .map(address -> new InetSocketAddress(address, udp.local().getPort()))
        .toList();
  }

  /** Where peers reach the TCP port, best first; empty where there is none. */
  public List<InetSocketAddress> tcpAddresses() {
    return tcp.stream()
        .flatMap(
            port -> addresses.stream().map(address -> new InetSocketAddress(address, port.port())))
        .toList();
  }
}
