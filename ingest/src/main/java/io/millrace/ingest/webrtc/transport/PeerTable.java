package io.millrace.ingest.webrtc.transport;

import io.millrace.ingest.webrtc.stun.StunMessage;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Whom a packet is for. Requests of STUN name the peer's user fragment, and responses carry the tag
 * of the peer that asked; everything else is known by the address it comes from, once a request
 * from there was proved. Thread-safe.
 */
public final class PeerTable {
  private static final int REQUEST = 0x0001;
  private static final int USERNAME = 0x0006;
  private static final int HEADER_BYTES = 20;
  private static final int TRANSACTION_AT = 8;

  private final ConcurrentMap<String, Inbox> byFragment = new ConcurrentHashMap<>();
  private final ConcurrentMap<Integer, Inbox> byTag = new ConcurrentHashMap<>();
  private final ConcurrentMap<InetSocketAddress, Inbox> byAddress = new ConcurrentHashMap<>();

  /**
   * Adds a peer under a user fragment of ours.
   *
   * @return false when it is taken
   */
  public boolean addFragment(String fragment, Inbox inbox) {
    return byFragment.putIfAbsent(fragment, inbox) == null;
  }

  public void removeFragment(String fragment, Inbox inbox) {
    byFragment.remove(fragment, inbox);
  }

  /**
   * Adds a peer under the first 32 bits of the transaction ids of its own requests.
   *
   * @return false when they are taken
   */
  public boolean addTag(int tag, Inbox inbox) {
    return byTag.putIfAbsent(tag, inbox) == null;
  }

  public void removeTag(int tag, Inbox inbox) {
    byTag.remove(tag, inbox);
  }

  /**
   * Says that packets from an address are for a peer from now on.
   *
   * @return false when the address is another peer's: anyone can write a wrong sender on a
   *     datagram, so nobody's address is taken away
   */
  public boolean bind(InetSocketAddress address, Inbox inbox) {
    Inbox before = byAddress.putIfAbsent(address, inbox);
    return before == null || before == inbox;
  }

  public void unbind(InetSocketAddress address, Inbox inbox) {
    byAddress.remove(address, inbox);
  }

  /**
   * Peer of a packet, null when it has none. Looks at no more of it than that takes, since most
   * packets of a flood are nobody's.
   *
   * @param packet from 0 to its limit; borrowed
   */
  @Nullable Inbox find(InetSocketAddress from, ByteBuffer packet) {
    if (!StunMessage.begins(packet)) {
      return byAddress.get(from);
    }
    if (!StunMessage.hasHead(packet)) {
      return null;
    }
    if (packet.getShort(0) == REQUEST) {
      String fragment = fragment(packet);
      return fragment == null ? null : byFragment.get(fragment);
    }
    return byTag.get(packet.getInt(TRANSACTION_AT));
  }

  /** Whether an address was proved to be the peer's. */
  boolean isBound(InetSocketAddress address, Inbox inbox) {
    return byAddress.get(address) == inbox;
  }

  /** What stands before the colon of USERNAME; only proved later that it is right. */
  private static @Nullable String fragment(ByteBuffer packet) {
    int at = HEADER_BYTES;
    for (int i = 0; i < StunMessage.MAX_ATTRIBUTES && at + 4 <= packet.limit(); i++) {
      int length = packet.getShort(at + 2) & 0xffff;
      if (packet.getShort(at) == USERNAME) {
        int end = Math.min(packet.limit(), at + 4 + length);
        for (int colon = at + 4; colon < end; colon++) {
          if (packet.get(colon) == ':') {
            byte[] fragment = new byte[colon - at - 4];
            packet.get(at + 4, fragment);
            return new String(fragment, StandardCharsets.ISO_8859_1);
          }
        }
        return null;
      }
      at += 4 + ((length + 3) & ~3);
    }
    return null;
  }
}
