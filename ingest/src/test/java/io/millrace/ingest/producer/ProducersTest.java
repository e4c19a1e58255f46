package io.millrace.ingest.producer;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingest.metrics.IngestMetrics;
import io.millrace.media.track.GapReason;
import io.millrace.store.Stages;
import io.millrace.store.fragment.FragmentLog;
import io.millrace.store.fragment.NewFragment;
import io.millrace.store.fragment.StreamEvent;
import io.millrace.store.local.Store;
import io.millrace.store.local.StoreSettings;
import io.millrace.store.stream.StreamCatalog;
import io.millrace.store.table.Table;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Producers over a real store that is left without telling them, as after a crash. */
class ProducersTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long START = 1_750_000_000L * SECOND;

  @TempDir Path data;
  private final AtomicLong now = new AtomicLong(START / 1_000_000);
  private Store store;
  private Producers producers;

  private static final class Camera implements Producer {
    @Override
    public void supersede(boolean atOnce) {}

    @Override
    public Future<Void> drain() {
      return Future.succeededFuture();
    }
  }

  @BeforeEach
  void open() throws IOException {
    store =
        Store.open(
            new StoreSettings(
                false,
                StoreSettings.DEFAULTS.engine(),
                StoreSettings.DEFAULTS.catalog(),
                StoreSettings.DEFAULTS.tables()),
            data,
            () -> Instant.ofEpochMilli(now.get()),
            new SplittableRandom(5),
            Thread::new);
    producers = new Producers(10, new IngestMetrics(), store.table("sending"));
  }

  @AfterEach
  void close() {
    store.close();
  }

  /** Comes back after a minute without that anybody was told. */
  private void crash() throws Exception {
    // What is remembered of producers is durable soon after they begin: that is waited for.
    Stages.await(store.table("sending").update(names -> Table.Update.nothing(true)));
    store.close();
    now.addAndGet(60_000);
    open();
    producers
        .explainCrash(store.catalog(), () -> Instant.ofEpochMilli(now.get()))
        .toCompletionStage()
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }

  private Camera connect(String stream) {
    if (store.catalog().find(stream).isEmpty()) {
      Stages.await(
          store
              .catalog()
              .create(
                  new StreamCatalog.NewStream(
                      stream,
                      24,
                      Optional.empty(),
                      Optional.empty(),
                      Optional.empty(),
                      "HOT",
                      Map.of())));
    }
    Camera camera = new Camera();
    producers.add(stream, camera);
    return camera;
  }

  /** A second of media that begins now, stored. */
  private void send(String stream, Camera camera) {
    FragmentLog log = store.catalog().fragments(stream);
    Stages.await(
        log.append(
            new NewFragment(
                log.nextNumber(),
                now.get() * 1_000_000,
                SECOND,
                0,
                0,
                ByteBuffer.wrap(new byte[100]))));
    now.addAndGet(1000);
    producers.stored(stream, camera);
  }

  /** Leaves as producers do: first the reason, then the good-bye. */
  private void leave(String stream, Camera camera, GapReason reason) {
    note(stream, reason);
    producers.remove(stream, camera);
  }

  private void note(String stream, GapReason reason) {
    long nanos = now.get() * 1_000_000;
    Stages.await(
        store
            .catalog()
            .fragments(stream)
            .events()
            .append(new StreamEvent(reason.code(), nanos, nanos, now.get(), 0, "")));
  }

  private List<StreamEvent> events(String stream) {
    return Stages.await(
        store.catalog().fragments(stream).events().find(Long.MIN_VALUE, Long.MAX_VALUE, 100));
  }

  @Test
  void whatWasCutOffIsExplainedOnce() throws Exception {
    send("cam", connect("cam"));
    long end = now.get() * 1_000_000;
    crash();
    StreamEvent stopped =
        new StreamEvent(GapReason.SERVER_STOPPED.code(), end, end, now.get(), 0, "without notice");
    assertThat(events("cam")).containsExactly(stopped);
    crash();
    assertThat(events("cam")).as("nobody has sent since").containsExactly(stopped);
  }

  @Test
  void whoHadEndedOrNeverSentWasNotCutOff() throws Exception {
    Camera ended = connect("ended");
    send("ended", ended);
    leave("ended", ended, GapReason.NO_PRODUCER);
    Camera quiet = connect("ended");
    assertThat(quiet).as("came again and sent nothing").isNotSameAs(ended);
    crash();
    assertThat(events("ended"))
        .extracting(StreamEvent::kind)
        .containsExactly(GapReason.NO_PRODUCER.code());
  }

  @Test
  void anEndThatWasWrittenJustBeforeTheCrashStands() throws Exception {
    send("cam", connect("cam"));
    note("cam", GapReason.CONNECTION_LOST);
    crash();
    assertThat(events("cam"))
        .extracting(StreamEvent::kind)
        .containsExactly(GapReason.CONNECTION_LOST.code());
  }

  @Test
  void anEarlierEndDoesNotExplainTheCrash() throws Exception {
    Camera first = connect("cam");
    send("cam", first);
    leave("cam", first, GapReason.CONNECTION_LOST);
    now.addAndGet(100);
    send("cam", connect("cam"));
    crash();
    assertThat(events("cam"))
        .extracting(StreamEvent::kind)
        .containsExactly(GapReason.CONNECTION_LOST.code(), GapReason.SERVER_STOPPED.code());
  }

  @Test
  void theSecondOfTwoProducersIsCutOffAfterTheFirstHasLeft() throws Exception {
    Camera first = connect("cam");
    send("cam", first);
    Camera second = connect("cam");
    send("cam", second);
    producers.remove("cam", first);
    producers.stored("cam", first);
    crash();
    assertThat(events("cam"))
        .extracting(StreamEvent::kind)
        .containsExactly(GapReason.SERVER_STOPPED.code());
  }

  @Test
  void whatIsSettledAfterTheEndMarksNothing() throws Exception {
    Camera camera = connect("cam");
    producers.remove("cam", camera);
    send("cam", camera);
    crash();
    assertThat(events("cam")).isEmpty();
  }

  @Test
  void deletedStreamsArePassedOver() throws Exception {
    send("gone", connect("gone"));
    send("cam", connect("cam"));
    Stages.await(store.catalog().delete("gone", null));
    crash();
    assertThat(store.catalog().find("gone")).isEmpty();
    assertThat(events("cam")).hasSize(1);
    assertThat(store.table("sending").entries()).isEmpty();
  }
}
