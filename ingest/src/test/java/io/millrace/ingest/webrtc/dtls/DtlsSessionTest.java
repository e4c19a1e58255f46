package io.millrace.ingest.webrtc.dtls;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingest.webrtc.srtp.SrtpKeys;
import io.millrace.ingest.webrtc.srtp.SrtpReceiver;
import io.millrace.ingest.webrtc.srtp.SrtpSender;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Both roles shake hands with each other, over lines that lose and alter records. */
class DtlsSessionTest {
  private static final DtlsIdentity ONE = DtlsIdentity.make(new Random(1), Instant.now());
  private static final DtlsIdentity TWO = DtlsIdentity.make(new Random(2), Instant.now());
  private static Vertx vertx;

  /** One end, and what became of it. */
  private static final class End implements DtlsSession.Listener {
    final CompletableFuture<SrtpKeys> receive = new CompletableFuture<>();
    final CompletableFuture<SrtpKeys> send = new CompletableFuture<>();
    final CompletableFuture<String> ended = new CompletableFuture<>();
    DtlsSession session;

    @Override
    public void keys(SrtpKeys receiving, SrtpKeys sending) {
      receive.complete(receiving);
      send.complete(sending);
    }

    @Override
    public void ended(String reason) {
      ended.complete(reason);
    }
  }

  @BeforeAll
  static void open() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private static Handshakes handshakes(int atOnce, Duration timeout) {
    return new Handshakes(
        new DtlsSettings(atOnce, timeout, Duration.ofMillis(50), 64), Thread.ofVirtual().factory());
  }

  /** A client and a server whose records pass where the line lets them. */
  private static End[] connect(
      Handshakes handshakes, Fingerprint ofClient, Fingerprint ofServer, Predicate<byte[]> line) {
    Context context = vertx.getOrCreateContext();
    End client = new End();
    End server = new End();
    client.session =
        new DtlsSession(
            true,
            ONE,
            List.of(ofServer),
            handshakes,
            context,
            record -> {
              if (line.test(record)) {
                server.session.packet(record);
              }
            },
            client);
    server.session =
        new DtlsSession(
            false,
            TWO,
            List.of(ofClient),
            handshakes,
            context,
            record -> {
              if (line.test(record)) {
                client.session.packet(record);
              }
            },
            server);
    server.session.start();
    client.session.start();
    return new End[] {client, server};
  }

  private static void assertConnected(End[] ends) throws Exception {
    for (int from = 0; from < 2; from++) {
      SrtpSender sender = new SrtpSender(ends[from].send.get(10, TimeUnit.SECONDS));
      SrtpReceiver receiver = new SrtpReceiver(ends[1 - from].receive.get(10, TimeUnit.SECONDS), 1);
      byte[] packet = new byte[40 + SrtpSender.TRAILER_BYTES];
      packet[0] = (byte) 0x80;
      assertThat(receiver.rtp(packet, sender.rtp(packet, 40))).isEqualTo(40);
    }
  }

  @Test
  void bothRolesGetTheSameKeysAndHearTheGoodbye() throws Exception {
    End[] ends =
        connect(
            handshakes(2, Duration.ofSeconds(10)),
            ONE.fingerprint(),
            TWO.fingerprint(),
            record -> true);
    assertConnected(ends);
    ends[0].session.close();
    assertThat(ends[1].ended.get(5, TimeUnit.SECONDS)).contains("closed");
    ends[1].session.close();
  }

  @Test
  void lostAndBrokenRecordsAreSentAgain() throws Exception {
    Random random = new Random(5);
    End[] ends =
        connect(
            handshakes(2, Duration.ofSeconds(10)),
            ONE.fingerprint(),
            TWO.fingerprint(),
            record -> {
              synchronized (random) {
                if (random.nextInt(4) == 0) {
                  return false;
                }
                return true;
              }
            });
    ends[1].session.packet(new byte[] {22, (byte) 0xfe, (byte) 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9});
    ends[1].session.packet("not a record of any kind".getBytes());
    assertConnected(ends);
    ends[0].session.close();
    ends[1].session.close();
  }

  @Test
  void anotherCertificateThanAnnouncedIsRefused() throws Exception {
    for (int wrong = 0; wrong < 2; wrong++) {
      End[] ends =
          connect(
              handshakes(2, Duration.ofSeconds(10)),
              wrong == 0 ? TWO.fingerprint() : ONE.fingerprint(),
              wrong == 0 ? TWO.fingerprint() : ONE.fingerprint(),
              record -> true);
      // The side whose expectation is wrong is the server first, then the client.
      assertThat(ends[1 - wrong].ended.get(5, TimeUnit.SECONDS)).contains("certificate");
      assertThat(ends[1 - wrong].receive).isNotDone();
      ends[0].session.close();
      ends[1].session.close();
    }
  }

  @Test
  void handshakesBeyondTheLimitWaitAndEndInTime() throws Exception {
    Handshakes one = handshakes(1, Duration.ofMillis(300));
    End[] first = connect(one, ONE.fingerprint(), TWO.fingerprint(), record -> false);
    // Client and server share the only place: one waits for the other in vain.
    CompletableFuture.allOf(first[0].ended, first[1].ended).get(5, TimeUnit.SECONDS);
    assertThat(List.of(first[0].ended.join(), first[1].ended.join()))
        .anyMatch(reason -> reason.contains("failed"));
    End[] next =
        connect(
            handshakes(2, Duration.ofSeconds(10)),
            ONE.fingerprint(),
            TWO.fingerprint(),
            record -> true);
    assertConnected(next);
  }

  @Test
  void whatIsNoRecordDoesNotDisturbAHandshake() throws Exception {
    Random random = new Random(12);
    End[] ends =
        connect(
            handshakes(2, Duration.ofSeconds(10)),
            ONE.fingerprint(),
            TWO.fingerprint(),
            record -> true);
    for (int i = 0; i < 40; i++) {
      byte[] junk = new byte[14 + random.nextInt(100)];
      random.nextBytes(junk);
      junk[0] = (byte) (20 + random.nextInt(44));
      ends[i % 2].session.packet(junk);
    }
    assertConnected(ends);
    ends[0].session.close();
    ends[1].session.close();
  }

  @Test
  void fingerprintsAreReadAsWritten() {
    assertThat(Fingerprint.parse(ONE.fingerprint().toSdp())).contains(ONE.fingerprint());
    assertThat(Fingerprint.parse("SHA-256 " + "ab:".repeat(31) + "ab"))
        .contains(new Fingerprint("sha-256", "AB:".repeat(31) + "AB"));
    assertThat(Fingerprint.parse("sha-1 " + "AB:".repeat(19) + "AB")).isEmpty();
    assertThat(Fingerprint.parse("sha-256 " + "AB:".repeat(30) + "AB")).isEmpty();
    assertThat(Fingerprint.parse("sha-256")).isEmpty();
  }
}
