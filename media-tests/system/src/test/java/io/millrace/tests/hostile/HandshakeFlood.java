package io.millrace.tests.hostile;

import io.millrace.ingest.webrtc.stun.StunAttribute;
import io.millrace.ingest.webrtc.stun.StunKey;
import io.millrace.ingest.webrtc.stun.StunType;
import io.millrace.ingest.webrtc.stun.StunWriter;
import io.millrace.tests.webrtc.VideoOffer;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayDeque;
import java.util.Deque;

/** Peers that begin handshakes and never end one, each from a port of its own. */
final class HandshakeFlood implements Attack {
  /** Peers that stand about at a time. */
  private static final int PEERS = 100;

  /** Packets of one, after which another takes its place. */
  private static final int PACKETS = 100;

  private final URI server;
  private final Junk junk;
  private final DtlsJunk records;
  private final HttpClient client = HttpClient.newHttpClient();
  private int peers;

  private record Begun(DatagramSocket socket, int port) {}

  HandshakeFlood(URI server, Junk junk) {
    this.server = server;
    this.junk = junk;
    records = new DtlsJunk(junk, java.util.List.of());
  }

  @Override
  public String kind() {
    return "DTLS handshakes that never end, from many ports";
  }

  @Override
  public long run(long wanted, Pace pace) throws IOException {
    Deque<Begun> standing = new ArrayDeque<>();
    long sent = 0;
    try (client) {
      while (sent < wanted) {
        Begun begun = begin();
        if (begun != null) {
          standing.add(begun);
        }
        for (int i = 0; i < PACKETS && sent < wanted && !standing.isEmpty(); i++, sent++) {
          Begun next = standing.poll();
          byte[] packet =
              switch (junk.below(4)) {
                case 0 -> records.clientHello();
                case 1 -> records.fragment();
                default -> records.any();
              };
          send(next, packet);
          standing.add(next);
          pace.sent();
        }
        if (standing.size() > PEERS) {
          standing.poll().socket().close();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      standing.forEach(each -> each.socket().close());
      client.shutdownNow();
    }
    return sent;
  }

  /** A peer with a proved address; null where the server takes no more. */
  private Begun begin() throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(server.resolve("/whip/flood-" + peers++ % 8))
            .header("Content-Type", "application/sdp")
            .POST(HttpRequest.BodyPublishers.ofString(VideoOffer.of("active")))
            .build();
    HttpResponse<String> answered = client.send(request, HttpResponse.BodyHandlers.ofString());
    if (answered.statusCode() != 201) {
      return null;
    }
    IceAnswer answer = IceAnswer.parse(answered.body());
    Begun begun =
        new Begun(new DatagramSocket(0, InetAddress.getByName("127.0.0.3")), answer.port());
    send(
        begun,
        new StunWriter(StunType.BINDING_REQUEST, junk.bytes(12))
            .username(answer.fragment() + ":abcd")
            .priority(1 << 30)
            .tieBreaker(StunAttribute.ICE_CONTROLLING, junk.random().nextLong())
            .useCandidate()
            .toBytes(new StunKey(answer.password())));
    return begun;
  }

  private static void send(Begun to, byte[] packet) throws IOException {
    InetAddress server = InetAddress.getByName("127.0.0.1");
    to.socket().send(new DatagramPacket(packet, packet.length, server, to.port()));
  }
}
