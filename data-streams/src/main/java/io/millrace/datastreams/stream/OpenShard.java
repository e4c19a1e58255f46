package io.millrace.datastreams.stream;

import io.millrace.datastreams.capacity.ShardBudget;
import io.millrace.datastreams.model.StreamShard;
import io.millrace.store.shard.LogReader;
import io.millrace.store.shard.LogWriter;

/** A shard with its log. Thread-safe. */
public final class OpenShard {
  private final LogReader reader;
  private final LogWriter writer;
  private final ShardBudget budget;
  private final ShardCounters counters = new ShardCounters();
  private volatile StreamShard info;

  OpenShard(StreamShard info, LogReader reader, LogWriter writer, ShardBudget budget) {
    this.info = info;
    this.reader = reader;
    this.writer = writer;
    this.budget = budget;
  }

  public StreamShard info() {
    return info;
  }

  void info(StreamShard next) {
    info = next;
  }

  public LogReader reader() {
    return reader;
  }

  public LogWriter writer() {
    return writer;
  }

  public ShardBudget budget() {
    return budget;
  }

  public ShardCounters counters() {
    return counters;
  }
}
