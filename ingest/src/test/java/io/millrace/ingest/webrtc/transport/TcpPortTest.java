package io.millrace.ingest.webrtc.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.ingest.webrtc.metrics.WebRtcMetrics;
import io.millrace.ingest.webrtc.stun.StunKey;
import io.millrace.ingest.webrtc.stun.StunType;
import io.millrace.ingest.webrtc.stun.StunWriter;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Packets behind their lengths (RFC 4571), and who may send them. */
class TcpPortTest {
  private static final int TIMEOUT_MILLIS = 5_000;

  private final WebRtcMetrics metrics = new WebRtcMetrics();
  private final PeerTable table = new PeerTable();
  private final List<byte[]> packets = new CopyOnWriteArrayList<>();
  private final List<Route> routes = new CopyOnWriteArrayList<>();
  private Vertx vertx;
  private TcpPort port;

  @BeforeEach
  void open() throws Exception {
    vertx = Vertx.vertx();
    Inbox inbox =
        new Inbox(
            vertx.getOrCreateContext(),
            (route, packet, nanos) -> {
              routes.add(route);
              packets.add(packet);
            },
            64,
            1 << 20,
            metrics);
    table.addFragment("ours", inbox);
    open(TcpSettings.defaults());
  }

  private void open(TcpSettings settings) throws Exception {
    port =
        TcpPort.open(
                vertx,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                table,
                settings,
                metrics)
            .toCompletionStage()
            .toCompletableFuture()
            .get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
  }

  @AfterEach
  void close() throws Exception {
    vertx
        .close()
        .toCompletionStage()
        .toCompletableFuture()
        .get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port.port());
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.setTcpNoDelay(true);
    return socket;
  }

  private static byte[] request(String fragment) {
    return new StunWriter(StunType.BINDING_REQUEST, new byte[12])
        .username(fragment + ":theirs")
        .toBytes(new StunKey("password"));
  }

  private static byte[] framed(byte[]... all) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    for (byte[] each : all) {
      out.writeShort(each.length);
      out.write(each);
    }
    return bytes.toByteArray();
  }

  private static boolean isEnded(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketException reset) {
      return true;
    }
  }

  @Test
  void packetsArriveWholeHoweverTheyAreCut() throws Exception {
    byte[] request = request("ours");
    byte[] longest = new byte[0xffff];
    longest[0xfffe] = 7;
    byte[][] all = {request, {1, 2, 3}, {}, longest, {4}};
    for (int step : List.of(1, 3, 1 << 20)) {
      packets.clear();
      routes.clear();
      try (Socket socket = connect()) {
        byte[] bytes = framed(all);
        // Byte by byte over the heads and the small packets; the longest would take minutes.
        int small = framed(all[0], all[1], all[2]).length + 4;
        for (int at = 0; at < bytes.length; ) {
          int length = Math.min(at < small ? step : bytes.length, bytes.length - at);
          socket.getOutputStream().write(bytes, at, length);
          at += length;
        }
        await().until(() -> packets.size() == all.length);
        assertThat(packets).usingRecursiveComparison().isEqualTo(List.of(all));
        assertThat(routes).allMatch(Route::isTcp).allMatch(route -> route == routes.getFirst());

        routes.getFirst().send(new byte[] {9, 8, 7, 6}, 3);
        DataInputStream in = new DataInputStream(socket.getInputStream());
        assertThat(in.readUnsignedShort()).isEqualTo(3);
        assertThat(in.readNBytes(3)).containsExactly(9, 8, 7);
        routes.getFirst().close();
        assertThat(isEnded(socket)).isTrue();
      }
    }
  }

  @Test
  void whoDoesNotBeginWithARequestToAPeerIsCutOff() throws Exception {
    for (byte[] first : List.of(new byte[0], new byte[] {(byte) 0x80, 1}, request("another"))) {
      try (Socket socket = connect()) {
        socket.getOutputStream().write(framed(first, request("ours")));
        assertThat(isEnded(socket)).isTrue();
      }
    }
    assertThat(packets).isEmpty();
    assertThat(metrics.strayPackets.sum()).isEqualTo(3);
  }

  @Test
  void connectionsAreBoundedAndFreedAgain() throws Exception {
    open(new TcpSettings(2, Duration.ofSeconds(60), 1 << 20));
    try (Socket first = connect();
        Socket second = connect();
        Socket third = connect()) {
      assertThat(isEnded(third)).as("one beyond the limit").isTrue();
      first.getOutputStream().write(framed(request("ours")));
      second.getOutputStream().write(framed(request("ours")));
      await().until(() -> packets.size() == 2);
    }
    await()
        .untilAsserted(
            () -> {
              try (Socket again = connect()) {
                int before = packets.size();
                again.getOutputStream().write(framed(request("ours")));
                await().atMost(Duration.ofMillis(500)).until(() -> packets.size() == before + 1);
              }
            });
  }

  @Test
  void whoSaysNothingIsCutOffInTime() throws Exception {
    open(new TcpSettings(2, Duration.ofMillis(100), 1 << 20));
    try (Socket silent = connect();
        Socket claimed = connect()) {
      claimed.getOutputStream().write(framed(request("ours")));
      assertThat(isEnded(silent)).isTrue();
      claimed.getOutputStream().write(framed(new byte[] {1}));
      await().until(() -> packets.size() == 2);
    }
  }

  @Test
  void whatAPeerDoesNotReadIsDropped() throws Exception {
    open(new TcpSettings(2, Duration.ofSeconds(60), 1_000));
    try (Socket socket = connect()) {
      socket.getOutputStream().write(framed(request("ours")));
      await().until(() -> packets.size() == 1);
      byte[] packet = new byte[0xffff];
      // More than any system keeps for a socket.
      for (int sent = 0; sent < 10_000 && metrics.unsentPackets.sum() == 0; sent++) {
        routes.getFirst().send(packet, packet.length);
      }
      assertThat(metrics.unsentPackets.sum()).isPositive();
    }
  }
}
