package io.millrace.playback.getmedia;

import io.millrace.api.error.AwsError;
import io.millrace.playback.source.SourceStream;
import java.util.HashMap;
import java.util.Map;

/** Counts open replies against their limits. Thread-safe. */
final class OpenReplies {
  private final GetMediaSettings settings;
  private final GetMediaCounters counters;
  private final Map<String, Integer> perStream = new HashMap<>();
  private int all;

  OpenReplies(GetMediaSettings settings, GetMediaCounters counters) {
    this.settings = settings;
    this.counters = counters;
  }

  /**
   * Takes a place; the caller gives it back by {@link #leave}.
   *
   * @param refusal what a client is told when there is none
   */
  synchronized void enter(SourceStream stream, AwsError refusal) {
    int open = perStream.getOrDefault(stream.key(), 0);
    if (open >= settings.connectionsPerStream() || all >= settings.connections()) {
      counters.refused.increment();
      throw refusal.because(
          open >= settings.connectionsPerStream()
              ? "Too many open connections to stream %s: the limit is %d"
                  .formatted(stream.info().name(), settings.connectionsPerStream())
              : "Too many open connections: the limit is " + settings.connections());
    }
    perStream.put(stream.key(), open + 1);
    all++;
    counters.open.increment();
  }

  synchronized void leave(SourceStream stream) {
    perStream.computeIfPresent(stream.key(), (key, open) -> open == 1 ? null : open - 1);
    all--;
    counters.open.decrement();
  }
}
