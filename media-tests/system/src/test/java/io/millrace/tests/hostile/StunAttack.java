package io.millrace.tests.hostile;

import io.millrace.ingest.webrtc.stun.StunAttribute;
import io.millrace.ingest.webrtc.stun.StunKey;
import io.millrace.ingest.webrtc.stun.StunType;
import io.millrace.ingest.webrtc.stun.StunWriter;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/** STUN from strangers: changed, with a wrong key, with huge attributes, for nobody. */
final class StunAttack implements Attack {
  private static final int SOCKETS = 16;
  private static final StunKey WRONG = new StunKey("not the password of anybody");

  private final IceAnswer camera;
  private final Junk junk;

  /**
   * @param camera what the server told a camera, of which the attacker knows all but the password
   */
  StunAttack(IceAnswer camera, Junk junk) {
    this.camera = camera;
    this.junk = junk;
  }

  @Override
  public String kind() {
    return "STUN of strangers";
  }

  @Override
  public long run(long packets, Pace pace) throws IOException {
    DatagramSocket[] sockets = new DatagramSocket[SOCKETS];
    InetAddress server = InetAddress.getByName("127.0.0.1");
    for (int i = 0; i < SOCKETS; i++) {
      sockets[i] = new DatagramSocket(0, InetAddress.getByName("127.0.0." + (2 + i)));
    }
    try {
      for (long i = 0; i < packets; i++) {
        byte[] packet = message();
        sockets[junk.below(SOCKETS)].send(
            new DatagramPacket(packet, packet.length, server, camera.port()));
        pace.sent();
      }
    } finally {
      for (DatagramSocket socket : sockets) {
        socket.close();
      }
    }
    return packets;
  }

  private byte[] message() {
    return switch (junk.below(8)) {
      case 0, 1 -> request("nobody" + junk.below(1 << 20) + ":me");
      case 2 -> request(camera.fragment() + ":me");
      case 3 -> junk.mutated(request(camera.fragment() + ":me"));
      case 4 -> withHugeAttribute();
      case 5 -> withManyAttributes();
      case 6 -> reply();
      default -> {
        byte[] packet = junk.bytes(20 + junk.below(1400));
        ByteBuffer.wrap(packet).putShort((short) 1).putShort((short) (packet.length - 20));
        ByteBuffer.wrap(packet).putInt(4, 0x2112a442);
        yield packet;
      }
    };
  }

  private byte[] request(String username) {
    return new StunWriter(StunType.BINDING_REQUEST, junk.bytes(12))
        .username(username)
        .priority(1 << 30)
        .tieBreaker(StunAttribute.ICE_CONTROLLING, junk.random().nextLong())
        .useCandidate()
        .toBytes(WRONG);
  }

  private byte[] reply() {
    return new StunWriter(StunType.BINDING_SUCCESS, junk.bytes(12)).toBytes(WRONG);
  }

  private byte[] withHugeAttribute() {
    byte[] packet = request(camera.fragment() + ":" + "x".repeat(400));
    ByteBuffer.wrap(packet).putShort(22, (short) 0xffff);
    return packet;
  }

  private byte[] withManyAttributes() {
    ByteBuffer packet = ByteBuffer.allocate(20 + 4 * 300);
    packet.putShort((short) 1).putShort((short) 1200).putInt(0x2112a442).put(junk.bytes(12));
    while (packet.hasRemaining()) {
      packet.putInt(0x7777_0000);
    }
    return packet.array();
  }
}
