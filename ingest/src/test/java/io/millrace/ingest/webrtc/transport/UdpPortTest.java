package io.millrace.ingest.webrtc.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.ingest.webrtc.metrics.WebRtcMetrics;
import io.millrace.ingest.webrtc.stun.StunKey;
import io.millrace.ingest.webrtc.stun.StunType;
import io.millrace.ingest.webrtc.stun.StunWriter;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who gets a datagram, and what nobody gets. */
class UdpPortTest {
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();
  private static final int STRANGERS = 5;
  private static Vertx vertx;

  private final WebRtcMetrics metrics = new WebRtcMetrics();
  private final PeerTable table = new PeerTable();
  private final List<byte[]> got = new CopyOnWriteArrayList<>();
  private Inbox inbox;
  private UdpPort port;
  private DatagramSocket peer;
  private DatagramSocket stranger;

  @BeforeAll
  static void openVertx() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void closeVertx() {
    vertx.close().await();
  }

  @BeforeEach
  void open() throws IOException {
    port =
        UdpPort.open(
            new InetSocketAddress(HERE, 0), 1 << 20, table, metrics, Thread.ofPlatform().factory());
    inbox =
        new Inbox(
            vertx.getOrCreateContext(),
            (route, packet, nanos) -> got.add(packet),
            100,
            STRANGERS,
            metrics);
    peer = new DatagramSocket(0, HERE);
    stranger = new DatagramSocket(0, HERE);
    table.addFragment("known", inbox);
    table.bind(new InetSocketAddress(HERE, peer.getLocalPort()), inbox);
  }

  @AfterEach
  void close() throws IOException {
    peer.close();
    stranger.close();
    port.close();
  }

  private void send(DatagramSocket from, byte[] packet) throws IOException {
    from.send(new DatagramPacket(packet, packet.length, port.local()));
  }

  private static byte[] request(String username) {
    return new StunWriter(StunType.BINDING_REQUEST, new byte[12])
        .username(username)
        .toBytes(new StunKey("a key of whoever it is"));
  }

  @Test
  void whatIsNobodysIsDroppedAtTheDoor() throws IOException {
    byte[] wrongLength = request("known:me");
    wrongLength[3]++;
    byte[] wrongCookie = request("known:me");
    wrongCookie[4]++;
    byte[] hugeAttribute = request("known:me");
    hugeAttribute[22] = (byte) 0xff;
    List<byte[]> strays =
        List.of(
            new byte[0],
            new byte[1],
            new byte[] {1, 1, 0, 0},
            new byte[] {(byte) 0x80, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0},
            new byte[] {22, (byte) 0xfe, (byte) 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0},
            request("unknown:me"),
            request("known"),
            wrongLength,
            wrongCookie,
            new StunWriter(StunType.BINDING_SUCCESS, new byte[12]).toBytes(new StunKey("k")));
    for (byte[] each : strays) {
      send(stranger, each);
    }
    send(stranger, hugeAttribute);
    // That one names a peer, which will look at it.
    await().untilAsserted(() -> assertThat(got).hasSize(1));
    assertThat(metrics.strayPackets.sum()).isEqualTo(strays.size());
    assertThat(metrics.packets.sum()).isEqualTo(strays.size() + 1);
  }

  @Test
  void strangersWhoKnowAPeersNameAreHeardOnlySoOften() throws IOException {
    for (int i = 0; i < STRANGERS + 1; i++) {
      send(stranger, request("known:me"));
    }
    await().untilAsserted(() -> assertThat(metrics.droppedPackets.sum()).isEqualTo(1));
    await().untilAsserted(() -> assertThat(got).hasSize(STRANGERS));
    byte[] media = {(byte) 0x80, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0};
    for (int i = 0; i < 20; i++) {
      send(peer, i % 2 == 0 ? media : request("known:me"));
    }
    await().untilAsserted(() -> assertThat(got).hasSize(STRANGERS + 20));
    assertThat(metrics.droppedPackets.sum()).isEqualTo(1);
  }

  @Test
  void theNextSecondTheyAreHeardAgain() {
    for (int i = 0; i < STRANGERS; i++) {
      assertThat(inbox.allowsStranger(0)).isTrue();
    }
    assertThat(inbox.allowsStranger(999_999_999)).isFalse();
    assertThat(inbox.allowsStranger(1_000_000_000)).isTrue();
  }
}
