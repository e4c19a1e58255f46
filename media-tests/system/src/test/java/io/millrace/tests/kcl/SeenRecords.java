package io.millrace.tests.kcl;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What the workers of one application wrote down, put together. */
final class SeenRecords {
  private final Map<String, TreeMap<Integer, Long>> firstSeenNanos = new HashMap<>();
  private final List<String> violations = new ArrayList<>();
  private final Set<String> endedShards = new HashSet<>();
  private int lines;

  /** Reads the files of all workers. */
  static SeenRecords read(List<Path> files) throws IOException {
    SeenRecords seen = new SeenRecords();
    for (Path file : files) {
      if (Files.exists(file)) {
        seen.add(file);
      }
    }
    return seen;
  }

  private void add(Path file) throws IOException {
    Map<String, BigInteger> lastOfTenure = new HashMap<>();
    for (String line : Files.readAllLines(file)) {
      String[] parts = line.split(" ", -1);
      if (parts.length < 3) {
        continue;
      }
      switch (parts[1]) {
        case "begin" -> lastOfTenure.remove(parts[2]);
        case "ended" -> endedShards.add(parts[2]);
        case "record" -> {
          // A killed worker may leave half a line.
          if (parts.length == 6) {
            record(file, parts, lastOfTenure);
          }
        }
        default -> {}
      }
    }
  }

  private void record(Path file, String[] parts, Map<String, BigInteger> lastOfTenure) {
    lines++;
    BigInteger number = new BigInteger(parts[3]);
    BigInteger before = lastOfTenure.put(parts[2], number);
    if (before != null && before.compareTo(number) >= 0) {
      violations.add("%s: %s after %s in %s".formatted(file, number, before, parts[2]));
    }
    firstSeenNanos
        .computeIfAbsent(parts[4], key -> new TreeMap<>())
        .merge(Integer.parseInt(parts[5]), Long.parseLong(parts[0]), Math::min);
  }

  /** Different records seen, as far as read. */
  int count() {
    return firstSeenNanos.values().stream().mapToInt(Map::size).sum();
  }

  /** Records seen again. */
  int repeated() {
    return lines - count();
  }

  /** Shards that some worker read to their end. */
  Set<String> endedShards() {
    return endedShards;
  }

  /**
   * What was lost or out of order.
   *
   * @param perKey records of each key, numbered from 0
   */
  List<String> violations(int keys, int perKey) {
    List<String> found = new ArrayList<>(violations);
    for (int key = 0; key < keys; key++) {
      TreeMap<Integer, Long> seen = firstSeenNanos.getOrDefault("key-" + key, new TreeMap<>());
      long last = Long.MIN_VALUE;
      for (int i = 0; i < perKey; i++) {
        Long at = seen.get(i);
        if (at == null) {
          found.add("key-%d: record %d was never seen".formatted(key, i));
        } else if (at < last) {
          found.add("key-%d: record %d was seen before the one before it".formatted(key, i));
        } else {
          last = at;
        }
      }
    }
    return found;
  }
}
