package io.millrace.ingest.source.libav;

import io.millrace.ingest.source.Source;
import io.millrace.ingest.source.SourceUnusable;
import io.millrace.ingest.source.worker.SourceWorkerMain;
import io.millrace.ingest.source.worker.WorkerMessages;
import io.millrace.ingest.source.worker.WorkerMessages.Declared;
import io.millrace.ingest.source.worker.WorkerMessages.Ended;
import io.millrace.ingest.source.worker.WorkerMessages.FrameRead;
import io.millrace.ingest.source.worker.WorkerMessages.Hello;
import io.millrace.ingest.source.worker.WorkerMessages.Message;
import io.millrace.ingest.source.worker.WorkerMessages.Opened;
import io.millrace.ingest.source.worker.WorkerMessages.Ready;
import io.millrace.media.track.Track;
import io.vertx.core.Context;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * One worker process and the thread that listens to it. Its frames are held back while the event
 * loop has too many of them. {@link #close} may be called from anywhere; events come on the event
 * loop.
 */
final class WorkerSession {
  private static final int BUFFER_BYTES = 64 << 10;

  private enum Phase {
    STARTING,
    OPENING,
    OPEN
  }

  private final Context context;
  private final Source source;
  private final LibavSettings settings;
  private final WorkerLauncher launcher;
  private final InstantSource clock;
  private final WorkerEvents events;
  private final Semaphore room;
  private final long beganNanos = System.nanoTime();
  private volatile Phase phase = Phase.STARTING;
  private volatile boolean listens;
  private volatile @Nullable String closedBecause;
  private volatile @Nullable Process process;

  WorkerSession(
      Context context,
      Source source,
      LibavSettings settings,
      WorkerLauncher launcher,
      InstantSource clock,
      WorkerEvents events) {
    this.context = context;
    this.source = source;
    this.settings = settings;
    this.launcher = launcher;
    this.clock = clock;
    this.events = events;
    room = new Semaphore(settings.queuedBytes());
  }

  /** Whether the worker starts, or listens and nobody came, and not for too long. */
  boolean awaitsPeer() {
    long waited = System.nanoTime() - beganNanos;
    return switch (phase) {
      case STARTING -> waited < settings.startLimit().toNanos();
      case OPENING -> listens && waited < settings.listenLimit().toNanos();
      case OPEN -> false;
    };
  }

  /** Runs on a thread of its own until the worker is gone. */
  void run() {
    String reason;
    try {
      reason = talk();
    } catch (SourceUnusable e) {
      reason = String.valueOf(e.getMessage());
    } catch (IOException e) {
      reason = "the process that reads the source ended: " + e.getMessage();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      reason = "interrupted";
    } finally {
      kill();
    }
    String told = closedBecause == null ? reason : closedBecause;
    context.runOnContext(go -> events.ended(told));
  }

  private String talk() throws IOException, InterruptedException, SourceUnusable {
    LibavAddress address = LibavAddress.of(source, settings);
    listens = address.listens();
    Process started = launcher.start(SourceWorkerMain.class, settings.workerHeapBytes());
    process = started;
    if (closedBecause != null) {
      return "closed";
    }
    DataOutputStream out = new DataOutputStream(started.getOutputStream());
    WorkerMessages.write(out, address.order());
    out.flush();
    DataInputStream in =
        new DataInputStream(new BufferedInputStream(started.getInputStream(), BUFFER_BYTES));
    List<Track> tracks = new ArrayList<>();
    List<String> others = List.of();
    while (true) {
      Message message = WorkerMessages.read(in, settings.maxFrameBytes());
      switch (message) {
        case Hello(String trouble) -> {
          if (!trouble.isEmpty()) {
            return trouble;
          }
          phase = Phase.OPENING;
        }
        case Opened(List<String> left) -> {
          others = left;
          phase = Phase.OPEN;
        }
        case Declared(Track track) -> {
          if (tracks.size() == 2) {
            throw new IOException("more than two tracks");
          }
          tracks.add(track);
        }
        case Ready(long heldNanos) -> {
          List<Track> all = List.copyOf(tracks);
          List<String> unused = others;
          context.runOnContext(go -> events.began(all, unused, heldNanos));
        }
        case FrameRead frame -> hand(frame);
        case Ended(String reason) -> {
          return reason;
        }
      }
    }
  }

  private void hand(FrameRead frame) throws InterruptedException {
    Instant now = clock.instant();
    long arrivalNanos = now.getEpochSecond() * 1_000_000_000L + now.getNano();
    int bytes = Math.min(frame.data().remaining(), settings.queuedBytes());
    room.acquire(bytes);
    context.runOnContext(go -> events.frame(frame, arrivalNanos, () -> room.release(bytes)));
  }

  /** Ends the worker. */
  void close(String reason) {
    closedBecause = reason;
    kill();
    // The thread may wait for room that will not come any more.
    room.release(settings.queuedBytes());
  }

  private void kill() {
    Process running = process;
    if (running != null) {
      running.destroyForcibly();
    }
  }
}
