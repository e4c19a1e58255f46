package io.millrace.tests.bench;

import io.millrace.tests.process.ProcessUsage;
import io.millrace.tests.process.ServerProcess;
import java.util.Arrays;

/**
 * What a server used while cameras sent to it.
 *
 * @param cpuSeconds of all its threads
 * @param minutes how long that took
 * @param residentBytes at the end
 */
record ServerLoad(double cpuSeconds, double minutes, long residentBytes) {
  /** Long enough for the compiler to be done with the paths that every fragment takes. */
  static final int WARM_UP_SECONDS = Integer.getInteger("bench.warm-up", 60);

  static final int MEASURED_SECONDS = Integer.getInteger("bench.seconds", 60);

  /** Numbers of cameras to measure. */
  static int[] cameras(String byDefault) {
    return Arrays.stream(System.getProperty("bench.cameras", byDefault).split(","))
        .mapToInt(Integer::parseInt)
        .toArray();
  }

  /** Waits for the warm-up, then measures. */
  static ServerLoad measure(ServerProcess server) throws InterruptedException {
    Thread.sleep(WARM_UP_SECONDS * 1000L);
    ProcessUsage before = ProcessUsage.of(server.pid());
    long startNanos = System.nanoTime();
    Thread.sleep(MEASURED_SECONDS * 1000L);
    ProcessUsage after = ProcessUsage.of(server.pid());
    return new ServerLoad(
        after.cpuSeconds() - before.cpuSeconds(),
        (System.nanoTime() - startNanos) / 60e9,
        after.residentBytes());
  }

  double perCameraMinute(int cameras) {
    return cpuSeconds / minutes / cameras;
  }

  double percentOfCore() {
    return cpuSeconds / minutes / 60 * 100;
  }

  long residentMb() {
    return residentBytes >> 20;
  }
}
