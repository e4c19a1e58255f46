package io.millrace.ingest.putmedia;

import io.millrace.store.StoreException;
import io.millrace.store.fragment.EventLog;
import io.millrace.store.fragment.FragmentEntry;
import io.millrace.store.fragment.FragmentLog;
import io.millrace.store.fragment.FragmentNumber;
import io.millrace.store.fragment.FragmentQuery;
import io.millrace.store.fragment.LiveFragments;
import io.millrace.store.fragment.NewFragment;
import io.millrace.store.stream.StreamCatalog;
import io.millrace.store.stream.StreamInfo;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A catalogue whose logs fail or wait where a test says so, and else do what the real one does. */
final class TroubledCatalog implements StreamCatalog {
  private final StreamCatalog real;

  /** What the next appends fail with. */
  final AtomicReference<StoreException.@Nullable Kind> trouble = new AtomicReference<>();

  /** How many appends fail before the trouble is over. */
  final AtomicInteger failuresLeft = new AtomicInteger(Integer.MAX_VALUE);

  /** Appends wait for this before they reach the real log. */
  final AtomicReference<CompletableFuture<Void>> gate =
      new AtomicReference<>(CompletableFuture.completedFuture(null));

  final AtomicInteger appends = new AtomicInteger();

  TroubledCatalog(StreamCatalog real) {
    this.real = real;
  }

  @Override
  public CompletionStage<StreamInfo> create(NewStream stream) {
    return real.create(stream);
  }

  @Override
  public Optional<StreamInfo> find(String name) {
    return real.find(name);
  }

  @Override
  public List<StreamInfo> list(String prefix, @Nullable String afterName, int limit) {
    return real.list(prefix, afterName, limit);
  }

  @Override
  public CompletionStage<StreamInfo> update(
      String name, @Nullable String expectedVersion, UnaryOperator<StreamInfo> change) {
    return real.update(name, expectedVersion, change);
  }

  @Override
  public CompletionStage<Void> delete(String name, @Nullable String expectedVersion) {
    return real.delete(name, expectedVersion);
  }

  @Override
  public FragmentLog fragments(String name) {
    return new TroubledLog(real.fragments(name));
  }

  private final class TroubledLog implements FragmentLog {
    private final FragmentLog log;

    TroubledLog(FragmentLog log) {
      this.log = log;
    }

    @Override
    public FragmentNumber nextNumber() {
      return log.nextNumber();
    }

    @Override
    public CompletionStage<FragmentEntry> append(NewFragment fragment) {
      appends.incrementAndGet();
      StoreException.Kind kind = trouble.get();
      if (kind != null && failuresLeft.getAndDecrement() > 0) {
        return CompletableFuture.failedFuture(new StoreException(kind, "as the test wants"));
      }
      return gate.get().thenCompose(open -> log.append(fragment));
    }

    @Override
    public CompletionStage<Void> ready() {
      return log.ready();
    }

    @Override
    public CompletionStage<List<FragmentEntry>> find(FragmentQuery query) {
      return log.find(query);
    }

    @Override
    public CompletionStage<Optional<FragmentEntry>> at(
        FragmentQuery.TimeAxis axis, long timeNanos) {
      return log.at(axis, timeNanos);
    }

    @Override
    public CompletionStage<Optional<FragmentEntry>> get(FragmentNumber number) {
      return log.get(number);
    }

    @Override
    public List<FragmentEntry> newest(int limit) {
      return log.newest(limit);
    }

    @Override
    public CompletionStage<Optional<FragmentEntry>> oldest() {
      return log.oldest();
    }

    @Override
    public CompletionStage<List<FragmentEntry>> after(
        @Nullable FragmentNumber number, int limit, Duration wait) {
      return log.after(number, limit, wait);
    }

    @Override
    public CompletionStage<ByteBuffer> read(FragmentEntry entry) {
      return log.read(entry);
    }

    @Override
    public LiveFragments live() {
      return log.live();
    }

    @Override
    public EventLog events() {
      return log.events();
    }

    @Override
    public Stats stats() {
      return log.stats();
    }
  }
}
