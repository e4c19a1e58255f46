package io.millrace.ingest.webrtc.ice;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingest.webrtc.metrics.WebRtcMetrics;
import io.millrace.ingest.webrtc.stun.StunAttribute;
import io.millrace.ingest.webrtc.stun.StunKey;
import io.millrace.ingest.webrtc.stun.StunMessage;
import io.millrace.ingest.webrtc.stun.StunType;
import io.millrace.ingest.webrtc.stun.StunWriter;
import io.millrace.ingest.webrtc.transport.Inbox;
import io.millrace.ingest.webrtc.transport.PeerTable;
import io.millrace.ingest.webrtc.transport.Route;
import io.millrace.ingest.webrtc.transport.UdpPort;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Agents on real ports, asked by a socket and by each other. */
class IceAgentTest {
  private static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final IceCredentials THEIRS =
      new IceCredentials("theirs", "theirpasswordtheirpassword");
  private static final int QUIET_MILLIS = 300;

  private final WebRtcMetrics metrics = new WebRtcMetrics();
  private Vertx vertx;
  private Side one;

  /** A port with one agent. */
  private final class Side implements IceListener {
    final CompletableFuture<Void> found = new CompletableFuture<>();
    final CompletableFuture<String> lost = new CompletableFuture<>();
    final PeerTable table = new PeerTable();
    final Context context = vertx.getOrCreateContext();
    final UdpPort port;
    IceAgent agent;

    Side(IceAgent.Role role, IceSettings settings) throws Exception {
      port =
          UdpPort.open(LOOPBACK, 1 << 16, table, metrics, Thread.ofPlatform().daemon().factory());
      Inbox inbox =
          new Inbox(context, (route, packet, nanos) -> agent.stun(route, packet), 64, 64, metrics);
      agent =
          new IceAgent(
              role, settings, vertx, table, inbox, port::route, new SecureRandom(), this, metrics);
      agent.remote(THEIRS);
    }

    @Override
    public void routeFound() {
      found.complete(null);
    }

    @Override
    public void lost(String reason) {
      lost.complete(reason);
    }

    void onLoop(Runnable action) {
      CompletableFuture<Void> done = new CompletableFuture<>();
      context.runOnContext(
          unused -> {
            action.run();
            done.complete(null);
          });
      done.orTimeout(5, TimeUnit.SECONDS).join();
    }
  }

  @BeforeEach
  void open() throws Exception {
    vertx = Vertx.vertx();
    one = new Side(IceAgent.Role.LITE, IceSettings.defaults());
  }

  @AfterEach
  void close() throws Exception {
    one.onLoop(one.agent::close);
    one.port.close();
    vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
  }

  private StunWriter request() {
    return new StunWriter(StunType.BINDING_REQUEST, new byte[12])
        .username(one.agent.local().fragment() + ":theirs")
        .priority(1000)
        .tieBreaker(StunAttribute.ICE_CONTROLLING, 5);
  }

  private static StunMessage ask(DatagramSocket socket, InetSocketAddress to, byte[] request)
      throws Exception {
    socket.setSoTimeout(QUIET_MILLIS);
    socket.send(new DatagramPacket(request, request.length, to));
    DatagramPacket answer = new DatagramPacket(new byte[1500], 1500);
    try {
      socket.receive(answer);
    } catch (SocketTimeoutException e) {
      return null;
    }
    return StunMessage.parse(Arrays.copyOf(answer.getData(), answer.getLength()));
  }

  @Test
  void onlyProvedRequestsAreAnswered() throws Exception {
    StunKey key = new StunKey(one.agent.local().password());
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      byte[] good = request().toBytes(key);
      byte[] broken = good.clone();
      broken[good.length - 1] ^= 1;
      byte[] altered = good.clone();
      altered[30] ^= 1;
      byte[] stranger =
          new StunWriter(StunType.BINDING_REQUEST, new byte[12])
              .username("nobody:theirs")
              .toBytes(key);
      for (byte[] bad :
          List.of(broken, altered, stranger, request().toBytes(new StunKey("another password")))) {
        assertThat(ask(socket, one.port.local(), bad)).isNull();
      }
      assertThat(one.agent.selected()).isNull();
      StunMessage answer = ask(socket, one.port.local(), good);
      assertThat(answer.type()).isEqualTo(StunType.BINDING_SUCCESS);
      assertThat(answer.integrityMatches(key) && answer.fingerprintMatches()).isTrue();
      assertThat(answer.mappedAddress())
          .contains((InetSocketAddress) socket.getLocalSocketAddress());
      assertThat(one.found).as("not nominated yet").isNotDone();
      ask(socket, one.port.local(), request().useCandidate().toBytes(key));
      one.found.get(5, TimeUnit.SECONDS);
      assertThat(metrics.refusedStun.sum() + metrics.strayPackets.sum()).isEqualTo(4);
    }
  }

  @Test
  void conflictsAndUnknownAttributesAreTold() throws Exception {
    StunKey key = new StunKey(one.agent.local().password());
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      byte[] conflict =
          new StunWriter(StunType.BINDING_REQUEST, new byte[12])
              .username(one.agent.local().fragment() + ":theirs")
              .tieBreaker(StunAttribute.ICE_CONTROLLED, 5)
              .toBytes(key);
      assertThat(ask(socket, one.port.local(), conflict).errorCode()).hasValue(487);
      byte[] unknown = request().tieBreaker(0x7001, 1).toBytes(key);
      assertThat(ask(socket, one.port.local(), unknown).errorCode()).hasValue(420);
    }
  }

  @Test
  void aRestartKeepsTheWayAndBothCredentials() throws Exception {
    IceCredentials before = one.agent.local();
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      ask(
          socket,
          one.port.local(),
          request().useCandidate().toBytes(new StunKey(before.password())));
      one.found.get(5, TimeUnit.SECONDS);
      one.onLoop(() -> one.agent.restart(new IceCredentials("again", THEIRS.password())));
      assertThat(one.agent.local()).isNotEqualTo(before);
      assertThat(one.agent.selected()).isNotNull();
      for (IceCredentials each : List.of(before, one.agent.local())) {
        byte[] request =
            new StunWriter(StunType.BINDING_REQUEST, new byte[12])
                .username(each.fragment() + ":theirs")
                .toBytes(new StunKey(each.password()));
        assertThat(ask(socket, one.port.local(), request)).isNotNull();
      }
    }
  }

  @Test
  void waysAreCountedToTheLimit() throws Exception {
    StunKey key = new StunKey(one.agent.local().password());
    int most = IceSettings.defaults().maxRoutes();
    for (int i = 0; i <= most; i++) {
      try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
        StunMessage answer = ask(socket, one.port.local(), request().toBytes(key));
        assertThat(answer == null).as("way " + i).isEqualTo(i == most);
      }
    }
  }

  @Test
  void theControllingSideFindsItsWayToAnother() throws Exception {
    Side two = new Side(IceAgent.Role.CONTROLLING, IceSettings.defaults());
    two.onLoop(
        () -> {
          two.agent.remote(one.agent.local());
          two.agent.addRemoteCandidate(
              IceCandidate.host(new InetSocketAddress("127.0.0.1", 9), false, 0));
          two.agent.addRemoteCandidate(IceCandidate.host(one.port.local(), false, 1));
        });
    one.onLoop(() -> one.agent.remote(two.agent.local()));
    one.found.get(5, TimeUnit.SECONDS);
    two.found.get(5, TimeUnit.SECONDS);
    Route way = two.agent.selected();
    assertThat(way.remote()).isEqualTo(one.port.local());
    two.onLoop(two.agent::close);
    two.port.close();
  }

  @Test
  void aSilentPeerIsLost() throws Exception {
    IceSettings defaults = IceSettings.defaults();
    Side two =
        new Side(
            IceAgent.Role.LITE,
            new IceSettings(
                Duration.ofMillis(100),
                defaults.consentInterval(),
                defaults.checkInterval(),
                defaults.checkRetransmit(),
                defaults.maxChecks(),
                defaults.maxRemoteCandidates(),
                defaults.maxRoutes()));
    assertThat(two.lost.get(5, TimeUnit.SECONDS)).contains("no way");
    two.onLoop(two.agent::close);
    two.port.close();
  }

  @Test
  void turnCredentialsAreThoseOfCoturn() {
    TurnSettings turn =
        new TurnSettings(List.of("turn:t.example"), "north", Duration.ofSeconds(600));
    TurnCredentials made =
        TurnCredentials.make(turn, "camera", Instant.ofEpochSecond(1_700_000_000));
    assertThat(made.username()).isEqualTo("1700000600:camera");
    // As openssl computes it.
    assertThat(made.password()).isEqualTo("D4La+zFCByByINdvosQYF3h7cVY=");
  }
}
