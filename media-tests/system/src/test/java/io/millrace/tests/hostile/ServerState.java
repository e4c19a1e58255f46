package io.millrace.tests.hostile;

import io.millrace.tests.process.ProcessUsage;
import io.millrace.tests.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a server holds at one time.
 *
 * @param residentBytes memory in RAM
 * @param cpuSeconds used since its start
 * @param threads of the system
 * @param sockets open ones
 * @param rtsp connections
 * @param webRtc peers, connected or not
 */
record ServerState(
    long residentBytes, double cpuSeconds, int threads, int sockets, int rtsp, int webRtc) {

  static ServerState of(ServerProcess server) throws IOException {
    ProcessUsage usage = ProcessUsage.of(server.pid());
    String metrics = server.get("/metrics").body();
    return new ServerState(
        usage.residentBytes(),
        usage.cpuSeconds(),
        (int) status(server.pid(), "Threads"),
        sockets(server.pid()).size(),
        metric(metrics, "millrace_rtsp_connections"),
        metric(metrics, "millrace_webrtc_connected") + metric(metrics, "millrace_webrtc_pending"));
  }

  /** Most memory that it ever had in RAM. */
  static long peakBytes(ServerProcess server) throws IOException {
    return status(server.pid(), "VmHWM") * 1024;
  }

  /** Whether no client has anything open. */
  boolean isIdle() {
    return rtsp == 0 && webRtc == 0;
  }

  private static long status(long pid, String name) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
      if (line.startsWith(name + ":")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("no " + name + " of process " + pid);
  }

  private static int metric(String metrics, String name) {
    Matcher found = Pattern.compile("(?m)^" + name + " ([0-9.E]+)").matcher(metrics);
    if (!found.find()) {
      throw new IllegalStateException("no metric " + name);
    }
    return (int) Double.parseDouble(found.group(1));
  }

  /** Datagrams dropped for want of room, of each UDP port that a process has open, ascending. */
  static SortedMap<Integer, Long> udpDrops(long pid) throws IOException {
    Set<String> own = sockets(pid);
    SortedMap<Integer, Long> ports = new TreeMap<>();
    for (String table : List.of("udp", "udp6")) {
      for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/net/" + table))) {
        String[] fields = line.strip().split(" +");
        if (fields.length > 9 && own.contains("socket:[" + fields[9] + "]")) {
          int port = Integer.parseInt(fields[1].replaceFirst(".*:", ""), 16);
          ports.put(port, Long.parseLong(fields[fields.length - 1]));
        }
      }
    }
    return ports;
  }

  private static Set<String> sockets(long pid) throws IOException {
    Set<String> links = new HashSet<>();
    try (Stream<Path> open = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      for (Path each : open.toList()) {
        try {
          String link = Files.readSymbolicLink(each).toString();
          if (link.startsWith("socket:")) {
            links.add(link);
          }
        } catch (IOException e) {
          // Closed in the meantime.
        }
      }
    }
    return links;
  }
}
