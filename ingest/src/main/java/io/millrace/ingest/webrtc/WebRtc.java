package io.millrace.ingest.webrtc;

import io.millrace.api.wire.OperationRouter;
import io.millrace.ingest.feed.FeedOrigin;
import io.millrace.ingest.feed.Feeds;
import io.millrace.ingest.outbound.FrameSource;
import io.millrace.ingest.webrtc.dtls.DtlsIdentity;
import io.millrace.ingest.webrtc.dtls.Handshakes;
import io.millrace.ingest.webrtc.metrics.WebRtcMetrics;
import io.millrace.ingest.webrtc.peer.PeerFactory;
import io.millrace.ingest.webrtc.peer.PeerMedia;
import io.millrace.ingest.webrtc.peer.PeerSecurity;
import io.millrace.ingest.webrtc.peer.ServerPeers;
import io.millrace.ingest.webrtc.transport.PeerTable;
import io.millrace.ingest.webrtc.transport.Ports;
import io.millrace.ingest.webrtc.transport.TcpPort;
import io.millrace.ingest.webrtc.transport.UdpPort;
import io.millrace.ingest.webrtc.whip.PeerEndpoint;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.random.RandomGenerator;

/** The door of WebRTC: what the server wires and nothing else. */
public final class WebRtc {
  private final Ports ports;
  private final ServerPeers peers;
  private final PeerEndpoint whip;
  private final PeerEndpoint whep;

  private WebRtc(Ports ports, ServerPeers peers, WebRtcSettings settings, InstantSource clock) {
    this.ports = ports;
    this.peers = peers;
    whip =
        new PeerEndpoint(
            "/whip",
            stream -> new PeerMedia.Receive(stream, FeedOrigin.WHIP),
            peers,
            peers::candidates,
            settings.whip(),
            clock);
    whep =
        new PeerEndpoint(
            "/whep", PeerMedia.Send::new, peers, peers::candidates, settings.whip(), clock);
  }

  /** Threads that WebRTC needs. */
  public record Threads(ThreadFactory port, ThreadFactory handshakes) {}

  /**
   * Opens the ports.
   *
   * @param random must be hard to guess
   * @param threads one thread of the first reads the UDP port; one of the second, which mostly
   *     waits and should be virtual, belongs to each peer
   * @return fails with {@link IOException} when a port cannot be had
   */
  public static Future<WebRtc> open(
      Vertx vertx,
      WebRtcSettings settings,
      Feeds feeds,
      FrameSource frames,
      InstantSource clock,
      RandomGenerator random,
      Threads threads,
      WebRtcMetrics metrics) {
    PeerTable table = new PeerTable();
    UdpPort udp;
    try {
      udp =
          UdpPort.open(
              settings.udp(), settings.socketBufferBytes(), table, metrics, threads.port());
    } catch (IOException e) {
      return Future.failedFuture(
          new IOException("cannot use UDP port " + settings.udp() + ": " + e.getMessage(), e));
    }
    Future<Optional<TcpPort>> tcp =
        settings.tcpPort().isEmpty()
            ? Future.succeededFuture(Optional.empty())
            : TcpPort.open(
                    vertx,
                    new InetSocketAddress(settings.udp().getAddress(), settings.tcpPort().get()),
                    table,
                    settings.tcp(),
                    metrics)
                .map(Optional::of);
    PeerSecurity security =
        new PeerSecurity(
            DtlsIdentity.make(random, clock.instant()),
            new Handshakes(settings.dtls(), threads.handshakes()),
            random);
    return tcp.map(
            port -> {
              Ports ports =
                  new Ports(
                      udp,
                      port,
                      Ports.addresses(settings.publicAddresses(), settings.udp().getAddress()));
              ServerPeers peers =
                  new ServerPeers(
                      vertx,
                      settings.peers(),
                      settings.ice(),
                      table,
                      ports,
                      security,
                      feeds,
                      frames,
                      clock,
                      metrics);
              return new WebRtc(ports, peers, settings, clock);
            })
        .onFailure(failure -> close(udp));
  }

  /** Registers the routes of WHIP and WHEP. */
  public void register(OperationRouter router) {
    whip.register(router);
    whep.register(router);
  }

  /** For whoever else makes peers. */
  public PeerFactory peers() {
    return peers;
  }

  /** The UDP port that was opened. */
  public int udpPort() {
    return ports.udp().local().getPort();
  }

  /** Ends all peers; their feeds are completed. The ports stay open. */
  public Future<Void> drain() {
    return peers.close();
  }

  /** Ends all peers and closes the ports. */
  public Future<Void> close() {
    return drain()
        .compose(
            drained ->
                ports.tcp().isPresent()
                    ? ports.tcp().get().close()
                    : Future.<Void>succeededFuture())
        .andThen(closed -> close(ports.udp()));
  }

  private static void close(UdpPort port) {
    try {
      port.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
