package io.millrace.ingest.rtsp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.ingest.rtsp.datagram.DatagramPorts;
import io.millrace.ingest.rtsp.message.TransportHeader;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is heard at the UDP ports of a session. */
class UdpTransportTest {
  private static final String HERE = "127.0.0.1";
  private static final int BUFFER_BYTES = 1 << 16;
  private static Vertx vertx;

  private DatagramPorts datagrams;
  private final List<Integer> heard = new CopyOnWriteArrayList<>();
  private final RtspMetrics metrics = new RtspMetrics();
  private DatagramSocket client;
  private UdpTransport transport;

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
    client = new DatagramSocket(0, InetAddress.getByName(HERE));
    TransportHeader.Pair named =
        new TransportHeader.Pair(client.getLocalPort(), client.getLocalPort() + 1);
    MediaTransport.Receiver receiver =
        new MediaTransport.Receiver() {
          @Override
          public void rtp(ByteBuffer packet) {
            heard.add((int) packet.get());
          }

          @Override
          public void rtcp(ByteBuffer compound) {
            heard.add(-compound.get());
          }
        };
    TransportHeader offered =
        TransportHeader.parse(
                "RTP/AVP;unicast;client_port=%d-%d;mode=record"
                    .formatted(named.rtp(), named.rtcp()))
            .getFirst();
    datagrams = new DatagramPorts(Thread.ofPlatform().factory(), metrics.droppedDatagrams);
    transport =
        UdpTransport.open(
            new UdpTransport.Ports(new UdpPorts(33_000, 39_999), datagrams, BUFFER_BYTES),
            vertx.getOrCreateContext(),
            HERE,
            HERE,
            offered,
            named,
            metrics,
            receiver);
  }

  @AfterEach
  void close() throws IOException {
    transport.close();
    datagrams.close();
    client.close();
  }

  private void send(DatagramSocket from, int number) throws IOException {
    TransportHeader.Pair ports = transport.header().serverPorts();
    from.send(
        new DatagramPacket(
            new byte[] {(byte) number}, 1, InetAddress.getByName(HERE), ports.rtp()));
  }

  private void awaitStray(long count) {
    await().untilAsserted(() -> assertThat(metrics.strayDatagrams.sum()).isEqualTo(count));
  }

  @Test
  void othersAreNotHeardOnceTheClientSpoke() throws IOException {
    try (DatagramSocket neighbour = new DatagramSocket(0, InetAddress.getByName(HERE));
        DatagramSocket stranger = new DatagramSocket(0, InetAddress.getByName("127.0.0.2"))) {
      send(client, 1);
      send(neighbour, 2);
      send(stranger, 3);
      awaitStray(2);
      send(client, 4);
      await().untilAsserted(() -> assertThat(heard).containsExactly(1, 4));
    }
  }

  @Test
  void behindNatThePortIsAnotherUntilTheNamedOneSpeaks() throws IOException {
    try (DatagramSocket mapped = new DatagramSocket(0, InetAddress.getByName(HERE));
        DatagramSocket other = new DatagramSocket(0, InetAddress.getByName(HERE))) {
      send(mapped, 1);
      send(other, 2);
      awaitStray(1);
      send(mapped, 3);
      send(client, 4);
      await().untilAsserted(() -> assertThat(heard).containsExactly(1, 3, 4));
      send(mapped, 5);
      awaitStray(2);
    }
  }
}
