package io.millrace.datastreams.server;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a stream should hold: the simplest thing that can be right. */
final class StreamModel {
  /** Records by shard, in order. */
  private final Map<String, List<Written>> byShard = new LinkedHashMap<>();

  /** A record that was acknowledged. */
  record Written(String key, String text, String sequenceNumber) {}

  void add(String shard, Written record) {
    byShard.computeIfAbsent(shard, first -> new ArrayList<>()).add(record);
  }

  List<Written> of(String shard) {
    return byShard.getOrDefault(shard, List.of());
  }

  void purge() {
    byShard.clear();
  }

  long size() {
    return byShard.values().stream().mapToLong(List::size).sum();
  }
}
