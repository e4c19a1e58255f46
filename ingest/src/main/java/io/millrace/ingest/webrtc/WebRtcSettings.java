package io.millrace.ingest.webrtc;

import io.millrace.ingest.webrtc.dtls.DtlsSettings;
import io.millrace.ingest.webrtc.ice.IceSettings;
import io.millrace.ingest.webrtc.peer.PeerSettings;
import io.millrace.ingest.webrtc.transport.TcpSettings;
import io.millrace.ingest.webrtc.whip.WhipSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * Settings of WebRTC, by part.
 *
 * @param udp where the UDP port of all peers is opened; port 0 takes a free one
 * @param tcpPort port of ICE-TCP at the same address, empty for none; 0 takes a free one
 * @param publicAddresses under which peers reach the ports; empty for those of this machine
 * @param socketBufferBytes wanted size of the UDP socket's buffers
 */
public record WebRtcSettings(
    InetSocketAddress udp,
    Optional<Integer> tcpPort,
    List<InetAddress> publicAddresses,
    int socketBufferBytes,
    TcpSettings tcp,
    IceSettings ice,
    DtlsSettings dtls,
    PeerSettings peers,
    WhipSettings whip) {
  public WebRtcSettings {
    publicAddresses = List.copyOf(publicAddresses);
  }
}
