package io.millrace.ingest.source.libav;

import io.millrace.ingest.feed.Feeds;
import io.millrace.ingest.source.ProbeReport;
import io.millrace.ingest.source.Puller;
import io.millrace.ingest.source.Source;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Pulls sources of {@code http}, {@code https}, {@code srt} and {@code rtmp}. */
public final class LibavPuller implements Puller {
  private final Feeds feeds;
  private final LibavSettings settings;
  private final WorkerLauncher launcher;
  private final ThreadFactory threads;
  private final InstantSource clock;
  private final AtomicInteger workers = new AtomicInteger();

  /**
   * @param threads makes one platform thread for each worker
   * @param clock server time
   */
  public LibavPuller(
      Feeds feeds,
      LibavSettings settings,
      WorkerLauncher launcher,
      ThreadFactory threads,
      InstantSource clock) {
    this.feeds = feeds;
    this.settings = settings;
    this.launcher = launcher;
    this.threads = threads;
    this.clock = clock;
  }

  @Override
  public boolean pulls(String scheme) {
    return LibavAddress.knows(scheme);
  }

  @Override
  public Pull pull(Context context, Source source) {
    LibavPull pull = new LibavPull(context, source, feeds, LibavAddress.errorNanos(source.url()));
    pull.run(start(context, source, pull));
    return pull;
  }

  @Override
  public Future<ProbeReport> probe(Context context, Source source) {
    LibavProbe probe = new LibavProbe(context, settings.probeTime());
    return probe.run(start(context, source, probe));
  }

  private WorkerSession start(Context context, Source source, WorkerEvents events) {
    WorkerSession session = new WorkerSession(context, source, settings, launcher, clock, events);
    if (workers.incrementAndGet() > settings.maxWorkers()) {
      workers.decrementAndGet();
      String reason =
          "the server has its most processes that read sources: " + settings.maxWorkers();
      context.runOnContext(go -> events.ended(reason));
      return session;
    }
    threads
        .newThread(
            () -> {
              try {
                session.run();
              } finally {
                workers.decrementAndGet();
              }
            })
        .start();
    return session;
  }
}
