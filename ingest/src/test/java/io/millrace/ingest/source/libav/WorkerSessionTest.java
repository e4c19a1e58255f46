package io.millrace.ingest.source.libav;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.ingest.source.Source;
import io.millrace.ingest.source.worker.WorkerMessages.FrameRead;
import io.millrace.media.track.Track;
import io.vertx.core.Vertx;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A session with a worker that says what is in a file. */
class WorkerSessionTest {
  private static final int QUEUED_BYTES = 100;

  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final List<Integer> sizes = new CopyOnWriteArrayList<>();
  private final List<Runnable> taken = new CopyOnWriteArrayList<>();
  private final AtomicReference<String> ended = new AtomicReference<>();

  @AfterEach
  void close() {
    vertx.close();
  }

  private final class Events implements WorkerEvents {
    @Override
    public void began(List<Track> tracks, List<String> others, long heldNanos) {}

    @Override
    public void frame(FrameRead frame, long arrivalNanos, Runnable release) {
      taken.add(release);
      sizes.add(frame.data().remaining());
    }

    @Override
    public void ended(String reason) {
      ended.set(reason);
    }
  }

  private Path script(int... frames) throws IOException {
    Path file = folder.resolve("worker");
    try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
      out.writeByte('H');
      out.writeInt(0);
      out.writeByte('O');
      out.writeInt(0);
      out.writeByte('R');
      out.writeLong(0);
      for (int bytes : frames) {
        out.writeByte('F');
        out.writeByte(1);
        out.writeBoolean(true);
        out.writeLong(0);
        out.writeInt(bytes);
        out.write(new byte[bytes]);
      }
    }
    return file;
  }

  private Thread run(Path script) {
    LibavSettings settings =
        new LibavSettings(
            1,
            1 << 20,
            1 << 10,
            QUEUED_BYTES,
            Duration.ofSeconds(60),
            Duration.ofMinutes(5),
            Duration.ofSeconds(1),
            false,
            "127.0.0.1",
            false);
    Source source =
        new Source(
            "s",
            "http://127.0.0.1/",
            Optional.empty(),
            Optional.empty(),
            "s",
            Source.Transport.AUTO,
            true);
    WorkerSession session =
        new WorkerSession(
            vertx.getOrCreateContext(),
            source,
            settings,
            (main, heapBytes) ->
                new ProcessBuilder("sh", "-c", "head -c 30 >/dev/null; cat " + script).start(),
            InstantSource.system(),
            new Events());
    return Thread.ofPlatform().daemon().start(session::run);
  }

  /** The thread waits for room with the frames before delivered, and no more. */
  private void heldBack(Thread session, int delivered) {
    await()
        .untilAsserted(
            () -> {
              assertThat(sizes).as("%s", ended).hasSize(delivered);
              assertThat(session.getState()).isEqualTo(Thread.State.WAITING);
            });
  }

  @Test
  void oneByteMoreThanMayWaitHoldsTheWorkerBack() throws Exception {
    Thread session = run(script(60, 40, 1));
    heldBack(session, 2);
    taken.get(0).run();
    await().until(() -> sizes.equals(List.of(60, 40, 1)));
    await().until(() -> ended.get() != null);
  }

  @Test
  void asMuchAsMayWaitHoldsNobodyBack() throws Exception {
    Thread session = run(script(60, 40));
    await().until(() -> ended.get() != null);
    session.join();
    assertThat(sizes).containsExactly(60, 40);
  }

  @Test
  void aFrameLargerThanAllThatMayWaitComesAlone() throws Exception {
    Thread session = run(script(1, 101, 1));
    heldBack(session, 1);
    taken.get(0).run();
    heldBack(session, 2);
    taken.get(1).run();
    await().until(() -> sizes.equals(List.of(1, 101, 1)));
    await().until(() -> ended.get() != null);
  }
}
