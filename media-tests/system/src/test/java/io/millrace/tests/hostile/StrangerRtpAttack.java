package io.millrace.tests.hostile;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.List;

/** RTP and RTCP at the UDP ports of a camera's session, from other addresses and other ports. */
final class StrangerRtpAttack implements Attack {
  private final RtpJunk junk;
  private final List<Integer> ports;

  /**
   * @param ports of the server, those of RTP and of RTCP in turn
   */
  StrangerRtpAttack(RtpJunk junk, List<Integer> ports) {
    this.junk = junk;
    this.ports = ports;
  }

  @Override
  public String kind() {
    return "RTP and RTCP at the ports of another's RTSP session";
  }

  @Override
  public long run(long packets, Pace pace) throws IOException {
    InetAddress server = InetAddress.getByName("127.0.0.1");
    try (DatagramSocket neighbour = new DatagramSocket(0, server);
        DatagramSocket stranger = new DatagramSocket(0, InetAddress.getByName("127.0.0.2"))) {
      for (long i = 0; i < packets; i++) {
        int port = ports.get((int) (i % ports.size()));
        byte[] packet = port % 2 == 0 ? junk.rtp() : junk.rtcp();
        DatagramSocket from = i / ports.size() % 2 == 0 ? neighbour : stranger;
        from.send(new DatagramPacket(packet, packet.length, server, port));
        pace.sent();
      }
    }
    return packets;
  }
}
