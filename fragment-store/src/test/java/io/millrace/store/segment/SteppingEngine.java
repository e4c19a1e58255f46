package io.millrace.store.segment;

import io.millrace.store.shard.LogEngine;
import io.millrace.store.shard.LogId;
import io.millrace.store.shard.LogReader;
import io.millrace.store.shard.LogWriter;
import io.millrace.store.shard.Position;
import io.millrace.store.shard.Retention;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * An engine without threads that does what it is asked at once, appends excepted: those wait for
 * {@link #work}, so that a test says what is committed together and what a crash interrupts.
 */
record SteppingEngine(SegmentEngine engine) implements LogEngine {
  void work() {
    boolean more = true;
    while (more) {
      more = engine.step();
    }
  }

  private <T> CompletionStage<T> worked(CompletionStage<T> stage) {
    work();
    return stage;
  }

  @Override
  public CompletionStage<Void> create(LogId id) {
    return worked(engine.create(id));
  }

  @Override
  public CompletionStage<LogWriter> claim(LogId id) {
    return worked(engine.claim(id));
  }

  @Override
  public LogReader reader(LogId id) {
    return engine.reader(id);
  }

  @Override
  public CompletionStage<Void> truncate(LogId id, Position before) {
    return engine.truncate(id, before);
  }

  @Override
  public void retain(LogId id, Retention retention) {
    engine.retain(id, retention);
  }

  @Override
  public CompletionStage<Void> sweep() {
    return worked(engine.sweep());
  }

  @Override
  public CompletionStage<Void> delete(LogId id) {
    return worked(engine.delete(id));
  }

  @Override
  public Optional<String> owner(LogId id) {
    return engine.owner(id);
  }

  @Override
  public void close() {
    engine.close();
  }
}
