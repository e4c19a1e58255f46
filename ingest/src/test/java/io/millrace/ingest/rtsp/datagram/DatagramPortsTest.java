package io.millrace.ingest.rtsp.datagram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Datagrams reach an event loop in order, and wait for it within bounds. */
class DatagramPortsTest {
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();
  private static final int BUFFER_BYTES = 40_000;
  private static final int PACKET_BYTES = 1000;
  private static Vertx vertx;

  private final LongAdder dropped = new LongAdder();
  private final List<Integer> sizes = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void open() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void close() {
    vertx.close().await();
  }

  private static void send(DatagramSocket from, DatagramPort to, int bytes) throws IOException {
    from.send(new DatagramPacket(new byte[bytes], bytes, HERE, to.local().getPort()));
  }

  @Test
  void datagramsOfEverySizeComeInOrder() throws IOException {
    try (DatagramPorts ports = new DatagramPorts(Thread.ofPlatform().factory(), dropped);
        DatagramSocket client = new DatagramSocket(0, HERE)) {
      DatagramPort port =
          ports.open(
              new InetSocketAddress(HERE, 0),
              1 << 20,
              vertx.getOrCreateContext(),
              from -> from.getPort() == client.getLocalPort(),
              packet -> sizes.add(packet.remaining()));
      for (int bytes : new int[] {1, 1400, 60_000, 0, 12}) {
        send(client, port, bytes);
      }
      await().untilAsserted(() -> assertThat(sizes).containsExactly(1, 1400, 60_000, 0, 12));
      port.close();
    }
  }

  @Test
  void anEventLoopThatStandsStillGetsWhatTheBufferHolds() throws Exception {
    Context context = vertx.getOrCreateContext();
    CountDownLatch going = new CountDownLatch(1);
    context.runOnContext(
        unused -> {
          try {
            going.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    try (DatagramPorts ports = new DatagramPorts(Thread.ofPlatform().factory(), dropped);
        DatagramSocket client = new DatagramSocket(0, HERE)) {
      DatagramPort port =
          ports.open(
              new InetSocketAddress(HERE, 0),
              BUFFER_BYTES,
              context,
              from -> true,
              packet -> sizes.add(packet.remaining()));
      int fit = BUFFER_BYTES / PACKET_BYTES;
      for (int i = 0; i < fit; i += 5) {
        for (int j = 0; j < 5; j++) {
          send(client, port, PACKET_BYTES);
        }
        // No more at a time than the system's own buffer holds.
        Thread.sleep(2);
      }
      send(client, port, PACKET_BYTES);
      await().untilAsserted(() -> assertThat(dropped.sum()).isEqualTo(1));
      assertThat(sizes).isEmpty();
      going.countDown();
      await().untilAsserted(() -> assertThat(sizes).hasSize(fit));
      send(client, port, PACKET_BYTES);
      await().untilAsserted(() -> assertThat(sizes).hasSize(fit + 1));
      assertThat(dropped.sum()).isEqualTo(1);
      port.close();
    }
  }

  @Test
  void whatHasComeCanBeHadAtOnce() throws Exception {
    Context context = vertx.getOrCreateContext();
    CompletableFuture<List<Integer>> had = new CompletableFuture<>();
    try (DatagramPorts ports = new DatagramPorts(Thread.ofPlatform().factory(), dropped);
        DatagramSocket client = new DatagramSocket(0, HERE)) {
      DatagramPort port =
          ports.open(
              new InetSocketAddress(HERE, 0),
              1 << 20,
              context,
              from -> true,
              packet -> sizes.add(packet.remaining()));
      context.runOnContext(
          unused -> {
            try {
              for (int bytes = 1; bytes <= 50; bytes++) {
                send(client, port, bytes);
              }
              port.drain();
              had.complete(List.copyOf(sizes));
            } catch (IOException e) {
              had.completeExceptionally(e);
            }
          });
      assertThat(had.get(5, TimeUnit.SECONDS))
          .isEqualTo(IntStream.rangeClosed(1, 50).boxed().toList());
      port.close();
    }
  }

  @Test
  void aClosedPortIsFreeAgain() throws IOException {
    try (DatagramPorts ports = new DatagramPorts(Thread.ofPlatform().factory(), dropped)) {
      DatagramPort port =
          ports.open(
              new InetSocketAddress(HERE, 0),
              BUFFER_BYTES,
              vertx.getOrCreateContext(),
              from -> true,
              packet -> {});
      InetSocketAddress local = port.local();
      port.close();
      await()
          .untilAsserted(
              () -> {
                try (DatagramSocket again = new DatagramSocket(local)) {
                  assertThat(again.isBound()).isTrue();
                }
              });
    }
  }
}
