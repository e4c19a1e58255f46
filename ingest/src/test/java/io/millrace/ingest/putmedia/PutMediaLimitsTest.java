package io.millrace.ingest.putmedia;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.ingest.IngestServer;
import io.millrace.ingest.Producer;
import io.millrace.ingest.fragmenter.FragmenterSettings;
import io.millrace.ingest.fragmenter.IngestError;
import io.millrace.ingest.fragmenter.MkvSample;
import io.millrace.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PutMediaLimitsTest {
  private static final Duration LONG = Duration.ofHours(1);

  @TempDir Path data;
  private IngestServer server;
  private TroubledCatalog catalog;

  /** Settings of which a test changes what it is about. */
  private static final class Limits {
    int connections = 10;
    int unpersistedBytes = 16 << 20;
    long bufferedBytes = 1 << 30;
    Duration busy = Duration.ofSeconds(10);
    Duration quiet = LONG;
    Duration idleAck = LONG;
    Duration idle = LONG;
    Duration age = LONG;
    Duration stale = LONG;
    Duration overlap = LONG;

    PutMediaSettings settings() {
      return new PutMediaSettings(
          FragmenterSettings.defaults(),
          connections,
          unpersistedBytes,
          bufferedBytes,
          Duration.ofMillis(5),
          busy,
          quiet,
          idleAck,
          idle,
          age,
          stale,
          overlap);
    }
  }

  private void open(UnaryOperator<Limits> change) throws Exception {
    AtomicReference<TroubledCatalog> wrapped = new AtomicReference<>();
    server =
        IngestServer.open(
                data,
                change.apply(new Limits()).settings(),
                real -> {
                  wrapped.set(new TroubledCatalog(real));
                  return wrapped.get();
                })
            .withStream("cam");
    catalog = wrapped.get();
  }

  @AfterEach
  void close() throws Exception {
    server.close();
  }

  private static byte[] fragment(long timecode, int bytes) {
    return new MkvSample().openCluster(timecode, bytes, 1).endOfFragment().bytes();
  }

  private static byte[] header() {
    return MkvSample.withTracks(1).bytes();
  }

  @ParameterizedTest
  @CsvSource({
    "NO_SPACE, ARCHIVAL_ERROR, 5001",
    "IO, ARCHIVAL_ERROR, 5001",
    "SEALED, STREAM_NOT_ACTIVE, 4008",
    "NOT_FOUND, STREAM_DELETED, 4507",
    "TOO_LARGE, MAX_FRAGMENT_SIZE_REACHED, 4001",
  })
  void tellsWhichFragmentCouldNotBeStored(StoreException.Kind kind, IngestError error, int id)
      throws Exception {
    open(limits -> limits);
    catalog.trouble.set(kind);
    try (Producer producer = Producer.to(server, "cam")) {
      List<String> acks = producer.send(header()).send(fragment(7000, 10)).acks();
      assertThat(acks).hasSize(3);
      assertThat(acks.getLast())
          .contains("\"FragmentTimecode\":7000,\"FragmentNumber\":\"")
          .contains("\"ErrorCode\":\"" + error + "\",\"ErrorId\":" + id + "}");
    }
    assertThat(server.metrics.stream("cam").errors(error)).isEqualTo(1);
    catalog.trouble.set(null);
    try (Producer again = Producer.to(server, "cam")) {
      again.send(header()).send(fragment(7000, 10));
      assertThat(again.acksUntil("PERSISTED")).hasSize(3);
    }
  }

  @Test
  void waitsForABusyStore() throws Exception {
    open(limits -> limits);
    catalog.failuresLeft.set(5);
    catalog.trouble.set(StoreException.Kind.BUSY);
    try (Producer producer = Producer.to(server, "cam")) {
      producer.send(header()).send(fragment(0, 10)).send(fragment(1000, 10)).finish();
      assertThat(producer.acks()).filteredOn(ack -> ack.contains("PERSISTED")).hasSize(2);
    }
    assertThat(server.metrics.stream("cam").pauses().sum()).isPositive();
    assertThat(server.fragments("cam")).hasSize(2);
  }

  @Test
  void persistedComesInTheOrderOfFragmentsWhateverIsDurableFirst() throws Exception {
    open(limits -> limits);
    CompletableFuture<Void> first = new CompletableFuture<>();
    catalog.gate.set(first);
    try (Producer producer = Producer.to(server, "cam")) {
      producer.send(header()).send(fragment(0, 10));
      await().until(() -> catalog.appends.get() == 1);
      catalog.gate.set(CompletableFuture.completedFuture(null));
      producer.send(fragment(1000, 10));
      await().until(() -> server.fragments("cam").size() == 1);
      first.complete(null);
      producer.finish();
      assertThat(producer.acks())
          .filteredOn(ack -> ack.contains("PERSISTED"))
          .satisfiesExactly(
              ack -> assertThat(ack).contains("\"FragmentTimecode\":0,"),
              ack -> assertThat(ack).contains("\"FragmentTimecode\":1000,"));
    }
  }

  @Test
  void givesUpOnAStoreThatStaysBusy() throws Exception {
    open(
        limits -> {
          limits.busy = Duration.ofMillis(200);
          return limits;
        });
    catalog.trouble.set(StoreException.Kind.BUSY);
    try (Producer producer = Producer.to(server, "cam")) {
      producer.send(header()).send(fragment(0, 10));
      assertThat(producer.acks().getLast()).contains("\"ErrorId\":5001");
    }
  }

  @Test
  void holdsAProducerBackWhileTheStoreIsBehind() throws Exception {
    open(
        limits -> {
          limits.unpersistedBytes = 100_000;
          return limits;
        });
    CompletableFuture<Void> gate = new CompletableFuture<>();
    catalog.gate.set(gate);
    int fragments = 200;
    try (Producer producer = Producer.to(server, "cam")) {
      producer.send(header());
      Thread sender =
          new Thread(
              () -> {
                try {
                  for (int i = 0; i < fragments; i++) {
                    producer.send(fragment(i * 100L, 100_000));
                  }
                  producer.finish();
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      sender.start();
      await().until(() -> server.metrics.stream("cam").pauses().sum() > 0);
      // What was read ahead is bounded by the limit and one piece, not by what is sent.
      assertThat(server.ingest.bufferedBytes()).isLessThan(500_000);
      assertThat(catalog.appends.get()).isLessThan(5);
      gate.complete(null);
      assertThat(producer.acks()).hasSize(3 * fragments);
      sender.join();
    }
    assertThat(server.fragments("cam")).hasSize(fragments);
    assertThat(server.ingest.bufferedBytes()).isZero();
  }

  @Test
  void boundsTheMemoryOfAllProducers() throws Exception {
    open(
        limits -> {
          limits.bufferedBytes = 200_000;
          return limits;
        });
    server.withStream("small");
    try (Producer large = Producer.to(server, "cam");
        Producer small = Producer.to(server, "small")) {
      large.send(header()).send(fragment(0, 150_000));
      assertThat(large.acksUntil("PERSISTED")).hasSize(3);
      byte[] open = new MkvSample().openCluster(1000, 250_000, 1).bytes();
      large.send(open);
      assertThat(large.acks().getLast())
          .contains("\"FragmentTimecode\":1000")
          .contains("\"ErrorId\":5000");
      small.send(header()).send(fragment(0, 10));
      assertThat(small.acksUntil("PERSISTED")).hasSize(3);
    }
  }

  @Test
  void sendsIdleAcksAndClosesSilentConnections() throws Exception {
    open(
        limits -> {
          limits.idleAck = Duration.ofMillis(300);
          limits.idle = Duration.ofMillis(1500);
          return limits;
        });
    try (Producer producer = Producer.to(server, "cam")) {
      producer.send(header());
      List<String> acks = producer.acks();
      assertThat(acks).hasSizeBetween(1, 5).containsOnly("{\"EventType\":\"IDLE\"}\n");
      assertThat(producer.isClosedByServer()).isTrue();
    }
    await().until(() -> server.ingest.connections() == 0);
  }

  @Test
  void takesAnEndedFragmentAsCompleteWhenNothingFollows() throws Exception {
    open(
        limits -> {
          limits.quiet = Duration.ofMillis(200);
          return limits;
        });
    try (Producer producer = Producer.to(server, "cam")) {
      producer.send(header());
      producer.send(new MkvSample().openCluster(0, 10, 1).tag("of", "the next").bytes());
      assertThat(producer.acksUntil("PERSISTED")).hasSize(3);
    }
  }

  @Test
  void endsOldConnections() throws Exception {
    open(
        limits -> {
          limits.age = Duration.ofMillis(300);
          return limits;
        });
    try (Producer producer = Producer.to(server, "cam")) {
      producer.send(header());
      producer.send(new MkvSample().openCluster(5000, 10, 1).bytes());
      assertThat(producer.acks().getLast())
          .contains("\"FragmentTimecode\":5000")
          .contains("MAX_CONNECTION_DURATION_REACHED\",\"ErrorId\":4003");
    }
  }

  @Test
  void boundsTheNumberOfProducers() throws Exception {
    open(
        limits -> {
          limits.connections = 2;
          return limits;
        });
    for (String name : List.of("b", "c")) {
      server.withStream(name);
    }
    try (Producer first = Producer.to(server, "cam");
        Producer second = Producer.to(server, "b")) {
      assertThat(first.head()).startsWith("HTTP/1.1 200");
      assertThat(second.head()).startsWith("HTTP/1.1 200");
      try (Producer third = Producer.to(server, "c")) {
        assertThat(third.head())
            .startsWith("HTTP/1.1 400")
            .contains("ClientLimitExceededException");
      }
    }
    await().until(() -> server.ingest.connections() == 0);
    try (Producer later = Producer.to(server, "c")) {
      assertThat(later.head()).startsWith("HTTP/1.1 200");
    }
    assertThat(server.metrics.refusedConnections().sum()).isEqualTo(1);
  }

  @Test
  void letsTheOldConnectionDrainBesideTheNew() throws Exception {
    open(limits -> limits);
    try (Producer old = Producer.to(server, "cam")) {
      old.send(header());
      byte[] last = new MkvSample().openCluster(1000, 100, 1).bytes();
      old.send(last, 0, 50);
      old.acksUntil("BUFFERING");
      try (Producer fresh = Producer.to(server, "cam")) {
        fresh.send(header()).send(fragment(2000, 10));
        fresh.acksUntil("PERSISTED");
        old.send(last, 50, last.length).send(new MkvSample().endOfFragment().bytes());
        assertThat(old.acksUntil("PERSISTED")).hasSize(2);
        assertThat(old.finish().acks()).isEmpty();
        fresh.send(fragment(3000, 10));
        assertThat(fresh.acksUntil("PERSISTED")).hasSize(3);
      }
    }
    assertThat(server.fragments("cam")).hasSize(3);
  }

  @Test
  void takesOverFromAStaleConnection() throws Exception {
    open(
        limits -> {
          limits.stale = Duration.ofMillis(200);
          return limits;
        });
    try (Producer stale = Producer.to(server, "cam")) {
      stale.send(header()).send(new MkvSample().openCluster(1000, 100, 1).bytes());
      stale.acksUntil("BUFFERING");
      try (Producer fresh = Producer.to(server, "cam")) {
        assertThat(stale.acks()).isEmpty();
        assertThat(stale.isClosedByServer()).isTrue();
        fresh.send(header()).send(fragment(2000, 10));
        assertThat(fresh.acksUntil("PERSISTED")).hasSize(3);
      }
    }
    assertThat(server.metrics.takeovers().sum()).isEqualTo(1);
    assertThat(server.fragments("cam")).hasSize(1);
  }

  @Test
  void endsTheOlderOfTwoThatBothSend() throws Exception {
    open(
        limits -> {
          limits.overlap = Duration.ofMillis(300);
          return limits;
        });
    try (Producer old = Producer.to(server, "cam");
        Producer fresh = Producer.to(server, "cam")) {
      assertThat(old.head()).isNotEmpty();
      assertThat(fresh.head()).isNotEmpty();
      await().until(() -> server.ingest.connections() == 1);
    }
  }

  @Test
  void makesRoomAtOnceForAThird() throws Exception {
    open(limits -> limits);
    try (Producer first = Producer.to(server, "cam")) {
      assertThat(first.head()).isNotEmpty();
      try (Producer second = Producer.to(server, "cam")) {
        assertThat(second.head()).isNotEmpty();
        try (Producer third = Producer.to(server, "cam")) {
          assertThat(first.acks()).isEmpty();
          second.send(header()).send(fragment(0, 10));
          assertThat(second.acksUntil("PERSISTED")).hasSize(3);
          assertThat(third.head()).startsWith("HTTP/1.1 200");
        }
      }
    }
  }
}
