package io.millrace.tests.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a process has used so far, from /proc.
 *
 * @param cpuSeconds user and system time
 * @param residentBytes memory in RAM now
 */
public record ProcessUsage(double cpuSeconds, long residentBytes) {
  private static final double TICKS_PER_SECOND = 100;

  /** Reads the figures of a process. */
  public static ProcessUsage of(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      double cpu = (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
      for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
        if (line.startsWith("VmRSS:")) {
          return new ProcessUsage(cpu, Long.parseLong(line.replaceAll("\\D", "")) * 1024);
        }
      }
      return new ProcessUsage(cpu, 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
