package io.millrace.tests.trial;

import io.millrace.tests.client.PutMediaSocket;
import io.millrace.tests.load.CameraFleet;
import io.millrace.tests.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Fills the log, kills the server, looks for every acknowledged fragment, and measures the restart.
 */
public final class RecoveryTrial {
  private static final int STREAMS = 10;

  /**
   * What came out.
   *
   * @param fragments of 1 MB in the log, all listed after each restart
   * @param afterKill process start to ready after SIGKILL
   * @param afterStop process start to ready after SIGTERM
   */
  public record Report(int fragments, Duration afterKill, Duration afterStop) {}

  private RecoveryTrial() {}

  /** Runs with at least so many megabytes of generated fragments, 1 MB each. */
  public static Report run(Path data, int megabytes) throws IOException {
    try (ServerProcess server = ServerProcess.start(data)) {
      fill(server, megabytes);
      server.kill();
    }
    Duration afterKill;
    try (ServerProcess server = ServerProcess.start(data)) {
      afterKill = server.timeToReady();
      verify(server, megabytes);
      if (server.stop() != 0) {
        throw new AssertionError("the server did not stop cleanly");
      }
    }
    try (ServerProcess server = ServerProcess.start(data)) {
      Duration afterStop = server.timeToReady();
      return new Report(verify(server, megabytes), afterKill, afterStop);
    }
  }

  private static int verify(ServerProcess server, int expected) {
    int listed = 0;
    for (int i = 0; i < STREAMS; i++) {
      listed += KillTrial.list(server, "fill-" + i).size();
    }
    if (listed != expected / STREAMS * STREAMS) {
      throw new AssertionError("sent and acknowledged " + expected + ", listed " + listed);
    }
    return listed;
  }

  private static void fill(ServerProcess server, int megabytes) {
    List<CompletableFuture<Void>> producers = new ArrayList<>();
    for (int i = 0; i < STREAMS; i++) {
      String stream = "fill-" + i;
      CameraFleet.createStream(server, stream);
      CompletableFuture<Void> done = new CompletableFuture<>();
      producers.add(done);
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  produce(server, stream, megabytes / STREAMS);
                  done.complete(null);
                } catch (IOException | CompletionException e) {
                  done.completeExceptionally(e);
                }
              });
    }
    producers.forEach(CompletableFuture::join);
  }

  private static void produce(ServerProcess server, String stream, int fragments)
      throws IOException {
    try (PutMediaSocket socket = PutMediaSocket.absolute(server.endpoint(), stream)) {
      byte[] header = KillTrial.header();
      socket.send(header, 0, header.length);
      for (int i = 0; i < fragments; i++) {
        byte[] cluster = KillTrial.cluster(1_700_000_000_000L + i * 1000L, 10, 100_000);
        socket.sendAll(cluster, 65_536);
      }
      socket.finish();
      socket.ended().join();
      if (socket.acks("PERSISTED").size() != fragments) {
        throw new IOException(socket.acks("PERSISTED").size() + " of " + fragments + " persisted");
      }
    }
  }
}
