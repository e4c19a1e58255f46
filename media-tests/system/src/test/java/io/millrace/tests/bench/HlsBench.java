package io.millrace.tests.bench;

import io.millrace.tests.client.HlsClient;
import io.millrace.tests.load.CameraClip;
import io.millrace.tests.process.Programs;
import io.millrace.tests.process.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** MB/s of one media segment under wrk, beside nginx serving the same bytes from a file. */
final class HlsBench implements Bench {
  private static final Pattern RATE = Pattern.compile("Transfer/sec:\\s+([\\d.]+)([KMG]?)B");
  private static final int SECONDS = 8;

  @Override
  public String purpose() {
    return "HLS segment serving MB/s at 1, 10, 100 connections, beside nginx";
  }

  @Override
  public void run(Table table) throws Exception {
    Path folder = Files.createTempDirectory("millrace-bench");
    Path clipFile = folder.resolve("clip.mkv");
    Programs.writeCameraClip(clipFile, SECONDS);
    CameraClip clip = CameraClip.read(clipFile);
    try (ServerProcess server = ServerProcess.start(folder.resolve("data"))) {
      StoredClip.send(server, clip);
      URI segment = largestSegment(server);
      byte[] bytes = server.getBytes(segment.toString()).body();
      Path file = folder.resolve("segment.mp4");
      Files.write(file, bytes);
      int nginxPort = ServerProcess.freePort();
      Process nginx = startNginx(folder, nginxPort);
      try {
        compare(
            table,
            segment,
            URI.create("http://127.0.0.1:" + nginxPort + "/segment.mp4"),
            bytes.length);
      } finally {
        nginx.destroy();
      }
    }
  }

  private static URI largestSegment(ServerProcess server) {
    HlsClient hls =
        HlsClient.onDemand(
            server,
            "bench",
            StoredClip.START_MILLIS / 1000.0 - 1,
            StoredClip.START_MILLIS / 1000.0 + SECONDS + 1);
    List<URI> segments = hls.segments(hls.mediaPlaylists().getFirst());
    return segments.get(segments.size() / 2);
  }

  private static Process startNginx(Path folder, int port) throws IOException {
    Path config = folder.resolve("nginx.conf");
    Files.writeString(
        config,
        """
        worker_processes 2;
        daemon off;
        pid %1$s/nginx.pid;
        error_log %1$s/error.log;
        events { worker_connections 1024; }
        http {
          access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;
          client_body_temp_path %1$s/a; proxy_temp_path %1$s/b; fastcgi_temp_path %1$s/c;
          uwsgi_temp_path %1$s/d; scgi_temp_path %1$s/e;
          server { listen 127.0.0.1:%2$d; root %1$s; }
        }
        """
            .formatted(folder, port));
    folder.toFile().setExecutable(true, false);
    folder.toFile().setReadable(true, false);
    return new ProcessBuilder("nginx", "-c", config.toString()).inheritIO().start();
  }

  private static void compare(Table table, URI ours, URI peer, int bytes) {
    table.note(
        "One segment of " + bytes / 1000 + " kB, clear text, both servers with two workers.\n");
    table.head("connections", "Millrace MB/s", "nginx MB/s", "ratio");
    // Both warm before anything counts; then in turn, so that a slow moment hits both.
    wrk(ours, 10, 8);
    wrk(peer, 10, 3);
    for (int connections : List.of(1, 10, 100)) {
      double first = wrk(ours, connections, 5);
      double peerRate = wrk(peer, connections, 5);
      double second = wrk(ours, connections, 5);
      double rate = (first + second) / 2;
      table.row(connections, rate, peerRate, rate / peerRate);
    }
  }

  private static double wrk(URI url, int connections, int seconds) {
    String out =
        Programs.run(
                "wrk",
                "-t" + Math.min(2, connections),
                "-c" + connections,
                "-d" + seconds + "s",
                url.toString())
            .orThrow()
            .out();
    Matcher matcher = RATE.matcher(out);
    if (!matcher.find() || out.contains("Non-2xx")) {
      throw new IllegalStateException(out);
    }
    double scale =
        switch (matcher.group(2)) {
          case "G" -> 1 << 30;
          case "M" -> 1 << 20;
          case "K" -> 1 << 10;
          default -> 1;
        };
    return Double.parseDouble(matcher.group(1)) * scale / 1e6;
  }
}
