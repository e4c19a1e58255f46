package io.millrace.ingest.webrtc.dtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.ingest.webrtc.srtp.SrtpKeys;
import io.millrace.ingest.webrtc.srtp.SrtpReceiver;
import io.millrace.ingest.webrtc.srtp.SrtpSender;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Both roles shake hands with each other, over lines that lose and alter records. */
class DtlsSessionTest {
  private static final DtlsIdentity ONE = DtlsIdentity.make(new Random(1), Instant.now());
  private static final DtlsIdentity TWO = DtlsIdentity.make(new Random(2), Instant.now());
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();
  private static final int QUEUED = 512;
  private static final int MAX_MESSAGE_BYTES = 4096;
  private static Vertx vertx;

  /** One end, and what became of it. */
  private static final class End implements DtlsSession.Listener {
    final CompletableFuture<SrtpKeys> receive = new CompletableFuture<>();
    final CompletableFuture<SrtpKeys> send = new CompletableFuture<>();
    final CompletableFuture<String> ended = new CompletableFuture<>();
    final boolean client;
    final Context context;
    DtlsSession session;

    End(boolean client, Context context) {
      this.client = client;
      this.context = context;
    }

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

  /** Whether a record gets to the other end. */
  private interface Line {
    boolean passes(End to, byte[] record);
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
    return new Handshakes(settings(atOnce, atOnce, timeout), Thread.ofVirtual().factory());
  }

  private static DtlsSettings settings(int atOnce, int perAddress, Duration timeout) {
    return new DtlsSettings(
        atOnce, perAddress, timeout, Duration.ofMillis(50), QUEUED, MAX_MESSAGE_BYTES);
  }

  /** A client and a server whose records pass where the line lets them. */
  private static End[] connect(
      Handshakes handshakes, Fingerprint ofClient, Fingerprint ofServer, Line line) {
    Context context = vertx.getOrCreateContext();
    End client = new End(true, context);
    End server = new End(false, context);
    client.session =
        new DtlsSession(
            true,
            ONE,
            List.of(ofServer),
            handshakes,
            context,
            record -> {
              if (line.passes(server, record)) {
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
              if (line.passes(client, record)) {
                client.session.packet(record);
              }
            },
            server);
    server.session.start(HERE);
    client.session.start(HERE);
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
            (to, record) -> true);
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
            (to, record) -> {
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
              (to, record) -> true);
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
    End[] first = connect(one, ONE.fingerprint(), TWO.fingerprint(), (to, record) -> false);
    // Client and server share the only place: one waits for the other in vain.
    CompletableFuture.allOf(first[0].ended, first[1].ended).get(5, TimeUnit.SECONDS);
    assertThat(List.of(first[0].ended.join(), first[1].ended.join()))
        .anyMatch(reason -> reason.contains("failed"));
    End[] next =
        connect(
            handshakes(2, Duration.ofSeconds(10)),
            ONE.fingerprint(),
            TWO.fingerprint(),
            (to, record) -> true);
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
            (to, record) -> true);
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
  void forgedRecordsDoNotEndAnAssociation() throws Exception {
    Random random = new Random(13);
    End[] ends =
        connect(
            handshakes(2, Duration.ofSeconds(10)),
            ONE.fingerprint(),
            TWO.fingerprint(),
            (to, record) -> true);
    assertConnected(ends);
    for (End end : ends) {
      end.session.packet(record(21, 0, new byte[] {2, 40}));
      end.session.packet(record(21, 0, new byte[] {1, 0}));
      end.session.packet(record(20, 0, new byte[] {1}));
      end.session.packet(record(23, 0, new byte[40]));
      end.session.packet(record(22, 0, fragment(1, 60, 0, 60)));
      end.session.packet(record(22, 0, fragment(20, 12, 0, 12)));
      byte[] reserved = record(22, 1, new byte[40]);
      reserved[2] = (byte) 0xfe;
      end.session.packet(reserved);
      end.session.packet(Arrays.copyOf(reserved, 20));
      for (int i = 0; i < 300; i++) {
        byte[] body = new byte[i % 75];
        random.nextBytes(body);
        end.session.packet(record(20 + i % 5, i < 225 ? 1 : random.nextInt(4), body));
      }
    }
    // What was sent before is read before.
    ends[0].session.close();
    assertThat(ends[1].ended.get(5, TimeUnit.SECONDS)).isEqualTo("the peer closed the connection");
    assertThat(ends[0].ended).isNotDone();
    ends[1].session.close();
  }

  @Test
  void aForgedAlertIsNotTakenForAGoodbye() throws Exception {
    End[] ends =
        connect(
            handshakes(2, Duration.ofSeconds(10)),
            ONE.fingerprint(),
            TWO.fingerprint(),
            (to, record) -> true);
    assertConnected(ends);
    for (int bytes = 0; bytes < 75; bytes++) {
      ends[1].session.packet(record(21, 1, new byte[bytes]));
      ends[1].session.packet(record(21, 0, new byte[bytes]));
    }
    assertThat(ends[1].ended)
        .as("ended by what anyone can send")
        .satisfies(
            ended ->
                assertThatThrownBy(() -> ended.get(500, TimeUnit.MILLISECONDS))
                    .isInstanceOf(TimeoutException.class));
    ends[0].session.close();
    ends[1].session.close();
  }

  @Test
  void forgedAlertsDoNotEndAHandshake() throws Exception {
    End[] ends =
        connect(
            handshakes(2, Duration.ofSeconds(10)),
            ONE.fingerprint(),
            TWO.fingerprint(),
            (to, record) -> {
              to.session.packet(record(21, 0, new byte[] {2, 40}));
              to.session.packet(record(21, 0, new byte[] {1, 0}));
              return true;
            });
    assertConnected(ends);
    assertThat(ends[0].ended).isNotDone();
    assertThat(ends[1].ended).isNotDone();
    ends[0].session.close();
    ends[1].session.close();
  }

  @Test
  void unprotectedAlertsAreTakenOutOfADatagram() {
    byte[] alert = record(21, 0, new byte[] {2, 40});
    byte[] hello = record(22, 0, fragment(1, 12, 0, 12));
    byte[] guarded = record(21, 1, new byte[30]);
    assertThat(HandshakeMessages.withoutAlerts(hello)).isSameAs(hello);
    assertThat(HandshakeMessages.withoutAlerts(guarded)).isSameAs(guarded);
    assertThat(HandshakeMessages.withoutAlerts(alert)).isEmpty();
    assertThat(HandshakeMessages.withoutAlerts(joined(alert, hello, alert, alert, guarded, alert)))
        .isEqualTo(joined(hello, guarded));
    byte[] cut = Arrays.copyOf(alert, 14);
    assertThat(HandshakeMessages.withoutAlerts(joined(alert, cut))).isEqualTo(cut);
    RecordQueue queue = new RecordQueue(settings(1, 1, Duration.ofSeconds(1)), unsent -> {});
    assertThat(queue.offer(alert)).isFalse();
    assertThat(queue.offer(joined(alert, hello))).isTrue();
  }

  private static byte[] joined(byte[]... records) {
    ByteBuffer all =
        ByteBuffer.allocate(Arrays.stream(records).mapToInt(each -> each.length).sum());
    Arrays.stream(records).forEach(all::put);
    return all.array();
  }

  @Test
  void whatIsThrownAfterTheHandshakeEndsNoPeer() throws Exception {
    List<Thread> threads = new CopyOnWriteArrayList<>();
    Handshakes handshakes =
        new Handshakes(
            settings(2, 2, Duration.ofSeconds(10)),
            work -> {
              Thread thread = Thread.ofVirtual().unstarted(work);
              threads.add(thread);
              return thread;
            });
    // The server's last message gets lost. To send it again it needs what it does after its
    // handshake, and there sending fails.
    AtomicInteger lastMessages = new AtomicInteger();
    End[] ends =
        connect(
            handshakes,
            ONE.fingerprint(),
            TWO.fingerprint(),
            (to, record) -> {
              boolean last = to.client && record[0] == 22 && record[4] == 1;
              if (!last) {
                return true;
              }
              if (lastMessages.incrementAndGet() == 1) {
                return false;
              }
              to.session.packet(record);
              throw new IllegalStateException("a line that breaks");
            });
    assertConnected(ends);
    assertThat(lastMessages).hasValue(2);
    assertThat(threads.getFirst().join(Duration.ofSeconds(5))).as("the server's has run").isTrue();
    CompletableFuture<Void> told = new CompletableFuture<>();
    ends[1].context.runOnContext(unused -> told.complete(null));
    told.get(5, TimeUnit.SECONDS);
    assertThat(ends[1].ended).isNotDone();
    ends[0].session.close();
    ends[1].session.close();
  }

  private static byte[] record(int type, int epoch, byte[] body) {
    return ByteBuffer.allocate(13 + body.length)
        .put((byte) type)
        .putShort((short) 0xfefd)
        .putShort((short) epoch)
        .putShort((short) 0)
        .putInt(1_000_000 + body.length)
        .putShort((short) body.length)
        .put(body)
        .array();
  }

  private static byte[] fragment(int type, int length, int offset, int piece) {
    return ByteBuffer.allocate(12 + piece)
        .putInt(type << 24 | length)
        .putInt(offset >>> 8)
        .put((byte) offset)
        .put((byte) 0)
        .putShort((short) piece)
        .array();
  }

  @Test
  void aHandshakeHasNoLargerMessagesThanTheSettingSays() {
    RecordQueue queue = new RecordQueue(settings(1, 1, Duration.ofSeconds(1)), unsent -> {});
    assertThat(queue.offer(record(22, 0, fragment(1, MAX_MESSAGE_BYTES, 0, 20)))).isTrue();
    byte[] larger = fragment(1, MAX_MESSAGE_BYTES + 1, 0, 20);
    assertThat(queue.offer(record(22, 0, larger))).isFalse();
    byte[] second =
        ByteBuffer.allocate(24 + larger.length).put(fragment(1, 12, 0, 12)).put(larger).array();
    assertThat(queue.offer(record(22, 0, second))).as("behind another fragment").isFalse();
    byte[] alert = record(21, 0, new byte[2]);
    byte[] behind = record(22, 0, larger);
    byte[] both = ByteBuffer.allocate(alert.length + behind.length).put(alert).put(behind).array();
    assertThat(queue.offer(both)).as("behind another record").isFalse();
    assertThat(queue.offer(record(22, 1, larger))).as("protected, so not to be read yet").isTrue();
    assertThat(HandshakeMessages.fit(larger, 0, larger.length, MAX_MESSAGE_BYTES)).isFalse();
    assertThat(HandshakeMessages.fit(larger, 0, larger.length, MAX_MESSAGE_BYTES + 1)).isTrue();
  }

  @Test
  void handshakesAreBoundedInAllAndOfEachAddress() throws Exception {
    Handshakes handshakes =
        new Handshakes(settings(3, 2, Duration.ofMillis(50)), Thread.ofVirtual().factory());
    InetAddress one = InetAddress.getByName("127.0.0.1");
    InetAddress two = InetAddress.getByName("127.0.0.2");
    assertThat(handshakes.enter(one)).isTrue();
    assertThat(handshakes.enter(one)).isTrue();
    assertThat(handshakes.enter(one)).as("a third of one address").isFalse();
    assertThat(handshakes.enter(two)).isTrue();
    assertThat(handshakes.enter(two)).as("a fourth in all").isFalse();
    handshakes.leave(one);
    assertThat(handshakes.enter(two)).isTrue();
    handshakes.leave(one);
    handshakes.leave(two);
    handshakes.leave(two);
    assertThat(handshakes.enter(one)).isTrue();
    assertThat(handshakes.enter(one)).isTrue();
    assertThat(handshakes.enter(one)).isFalse();
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
