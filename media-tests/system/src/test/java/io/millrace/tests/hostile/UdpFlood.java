package io.millrace.tests.hostile;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.function.Supplier;

/** Datagrams of one make at the WebRTC port, from one port after another. */
final class UdpFlood implements Attack {
  private static final int PER_SOCKET = 500;

  private final String kind;
  private final int port;
  private final Supplier<byte[]> packets;

  UdpFlood(String kind, int port, Supplier<byte[]> packets) {
    this.kind = kind;
    this.port = port;
    this.packets = packets;
  }

  @Override
  public String kind() {
    return kind;
  }

  @Override
  public long run(long wanted, Pace pace) throws IOException {
    InetAddress server = InetAddress.getByName("127.0.0.1");
    long sent = 0;
    while (sent < wanted) {
      try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName("127.0.0.2"))) {
        for (int i = 0; i < PER_SOCKET && sent < wanted; i++, sent++) {
          byte[] packet = packets.get();
          socket.send(new DatagramPacket(packet, packet.length, server, port));
          pace.sent();
        }
      }
    }
    return sent;
  }
}
