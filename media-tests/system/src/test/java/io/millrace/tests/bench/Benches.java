package io.millrace.tests.bench;

import java.util.Map;
import java.util.TreeMap;

/** {@code ./millrace bench NAME}. */
public final class Benches {
  private static final Map<String, Bench> ALL =
      new TreeMap<>(
          Map.of(
              "append", new AppendBench(),
              "cameras", new CamerasBench(),
              "consumers", new ConsumersBench(),
              "frame", new FrameBench(),
              "hls", new HlsBench(),
              "junk", new JunkBench(),
              "records", new RecordsBench(),
              "recovery", new RecoveryBench(),
              "rtsp", new RtspBench(),
              "whip", new WhipBench()));

  private Benches() {}

  /** With no argument lists the benchmarks. */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length == 0) {
      ALL.forEach((name, bench) -> System.out.printf("%-10s %s%n", name, bench.purpose()));
      return;
    }
    Bench bench = ALL.get(arguments[0]);
    if (bench == null) {
      throw new IllegalArgumentException(
          "no benchmark " + arguments[0] + "; there are " + ALL.keySet());
    }
    bench.run(new Table());
    System.exit(0);
  }
}
