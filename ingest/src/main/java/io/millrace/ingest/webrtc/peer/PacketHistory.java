package io.millrace.ingest.webrtc.peer;

/** The newest packets of one source as they were sent, for those who ask for them again. */
final class PacketHistory {
  private final byte[][] packets;
  private final int[] lengths;
  private final int[] sequences;

  /**
   * @param size packets kept, 0 for none
   */
  PacketHistory(int size) {
    packets = new byte[size][];
    lengths = new int[size];
    sequences = new int[size];
  }

  /**
   * Keeps a packet.
   *
   * @param packet taken
   */
  void add(int sequence, byte[] packet, int length) {
    if (packets.length > 0) {
      int slot = sequence % packets.length;
      packets[slot] = packet;
      lengths[slot] = length;
      sequences[slot] = sequence;
    }
  }

  /** Gives a packet to the sender once more; false when it is not kept any more. */
  boolean resend(int sequence, MediaPath.Sender sender) {
    if (packets.length == 0) {
      return false;
    }
    int slot = sequence % packets.length;
    byte[] packet = packets[slot];
    if (packet == null || sequences[slot] != sequence) {
      return false;
    }
    sender.again(packet, lengths[slot]);
    return true;
  }
}
