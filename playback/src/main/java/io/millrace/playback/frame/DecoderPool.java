package io.millrace.playback.frame;

import io.millrace.playback.frame.DecodeException.Kind;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The decoder workers: processes started ahead of need, each driven by one thread. A crafted
 * bitstream may kill or stall a worker; its job fails, the worker is replaced, others go on.
 * Thread-safe.
 */
public final class DecoderPool implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DecoderPool.class);

  /** A worker that dies before it is ready is tried again so often before jobs are refused. */
  private static final int START_ATTEMPTS = 3;

  private record Job<T>(WorkerTask<T> task, CompletableFuture<T> answer) {}

  private final DecoderSettings settings;
  private final DecoderMetrics metrics = new DecoderMetrics();
  private final BlockingQueue<Job<?>> queue;
  private final List<Thread> drivers;
  private final Set<DecoderWorker> workers = ConcurrentHashMap.newKeySet();
  private final ScheduledThreadPoolExecutor watchdog;
  private volatile boolean closed;

  /**
   * Starts the workers in the background.
   *
   * @param threads makes one driver thread per worker and one thread that watches the time limits
   */
  public DecoderPool(DecoderSettings settings, ThreadFactory threads) {
    this.settings = settings;
    this.queue = new ArrayBlockingQueue<>(settings.queuedJobs());
    this.watchdog = new ScheduledThreadPoolExecutor(1, threads);
    watchdog.setRemoveOnCancelPolicy(true);
    this.drivers =
        IntStream.range(0, settings.workers())
            .mapToObj(i -> threads.newThread(this::drive))
            .toList();
    drivers.forEach(Thread::start);
  }

  public DecoderMetrics metrics() {
    return metrics;
  }

  /** Decodes pictures, as {@link #run} does. */
  public CompletionStage<List<Picture>> decode(DecodeRequest request) {
    return run(request);
  }

  /**
   * Has a worker do something; completes on a driver thread, or fails with {@link DecodeException}.
   * The task's buffers are borrowed until then.
   */
  public <T> CompletionStage<T> run(WorkerTask<T> task) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    String refusal = task.refusal();
    if (refusal != null) {
      answer.completeExceptionally(new DecodeException(Kind.MEDIA, refusal));
    } else if (closed) {
      answer.completeExceptionally(closing());
    } else if (!queue.offer(new Job<>(task, answer))) {
      metrics.refused.increment();
      answer.completeExceptionally(
          new DecodeException(Kind.BUSY, "all decoders are busy, try again later"));
    } else if (closed) {
      failQueued(closing());
    }
    return answer;
  }

  private static DecodeException closing() {
    return new DecodeException(Kind.UNAVAILABLE, "the server is closing");
  }

  private void drive() {
    DecoderWorker worker = null;
    try {
      int failedStarts = 0;
      while (!closed) {
        if (worker == null) {
          worker = startWorker();
          if (worker == null) {
            failedStarts++;
            if (failedStarts >= START_ATTEMPTS) {
              refuseOne();
            }
            continue;
          }
          failedStarts = 0;
        }
        Job<?> job = queue.take();
        worker = serve(worker, job);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (worker != null) {
        retire(worker);
      }
    }
  }

  /** No worker can be started now: answers one job so, then the start is tried again. */
  private void refuseOne() throws InterruptedException {
    Job<?> job = queue.take();
    metrics.failed.increment();
    job.answer.completeExceptionally(
        new DecodeException(Kind.UNAVAILABLE, "the decoder cannot start on this machine"));
  }

  private @Nullable DecoderWorker startWorker() {
    DecoderWorker worker = null;
    try {
      worker = DecoderWorker.start(settings);
      workers.add(worker);
      metrics.workersStarted.increment();
      ScheduledFuture<?> limit = limit(worker, settings.startTimeLimit().toNanos());
      try {
        String problem = worker.awaitReady();
        if (!problem.isEmpty()) {
          throw new IOException(problem);
        }
      } finally {
        limit.cancel(false);
      }
      return worker;
    } catch (IOException e) {
      if (!closed) {
        log.warn("decoder worker cannot start: {}", e.toString());
      }
      if (worker != null) {
        retire(worker);
      }
      return null;
    }
  }

  /** Counts before anybody learns the outcome, so that who has the answer sees it counted. */
  private <T> T counted(DecoderWorker worker, Job<T> job, long startNanos)
      throws DecodeException, IOException {
    try {
      return worker.run(job.task);
    } finally {
      metrics.jobs.increment();
      metrics.busyNanos.add(System.nanoTime() - startNanos);
    }
  }

  /** Returns the worker for the next job, null when it has to be replaced. */
  private <T> @Nullable DecoderWorker serve(DecoderWorker worker, Job<T> job) {
    long start = System.nanoTime();
    ScheduledFuture<?> limit = limit(worker, settings.jobTimeLimit().toNanos());
    try {
      T made = counted(worker, job, start);
      job.task.count(made, metrics);
      job.answer.complete(made);
    } catch (DecodeException e) {
      metrics.failed.increment();
      job.answer.completeExceptionally(e);
    } catch (IOException e) {
      metrics.failed.increment();
      metrics.workersLost.increment();
      retire(worker);
      boolean late = System.nanoTime() - start >= settings.jobTimeLimit().toNanos();
      job.answer.completeExceptionally(
          closed
              ? closing()
              : new DecodeException(
                  Kind.MEDIA,
                  late
                      ? "decoding took longer than " + settings.jobTimeLimit()
                      : "the decoder died on this media"));
      return null;
    } finally {
      limit.cancel(false);
    }
    if (worker.isWornOut(settings)) {
      metrics.workersRetired.increment();
      retire(worker);
      return null;
    }
    return worker;
  }

  private ScheduledFuture<?> limit(DecoderWorker worker, long nanos) {
    return watchdog.schedule(worker::kill, nanos, TimeUnit.NANOSECONDS);
  }

  private void retire(DecoderWorker worker) {
    worker.close();
    workers.remove(worker);
  }

  private void failQueued(DecodeException reason) {
    for (Job<?> job = queue.poll(); job != null; job = queue.poll()) {
      job.answer.completeExceptionally(reason);
    }
  }

  /** Process ids of the workers alive now. */
  List<Long> workerPids() {
    return workers.stream().map(DecoderWorker::pid).toList();
  }

  /** Kills the workers, fails what waits, and returns when the drivers have ended. */
  @Override
  public void close() {
    closed = true;
    watchdog.shutdownNow();
    drivers.forEach(Thread::interrupt);
    workers.forEach(DecoderWorker::kill);
    failQueued(closing());
    for (Thread driver : drivers) {
      try {
        driver.join(5_000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
    workers.forEach(DecoderWorker::kill);
  }
}
