package io.millrace.ingest.webrtc.peer;

import java.util.ArrayList;
import java.util.List;

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

  /** Sequence numbers that the entries of a NACK name: pairs of a number and a bit mask. */
  static List<Integer> named(byte[] rtcp, int from, int to) {
    List<Integer> named = new ArrayList<>();
    for (int at = from; at + 4 <= to; at += 4) {
      int first = ((rtcp[at] & 0xff) << 8) | (rtcp[at + 1] & 0xff);
      int mask = ((rtcp[at + 2] & 0xff) << 8) | (rtcp[at + 3] & 0xff);
      named.add(first);
      for (int bit = 0; bit < 16; bit++) {
        if ((mask & (1 << bit)) != 0) {
          named.add((first + 1 + bit) & 0xffff);
        }
      }
    }
    return named;
  }
}
