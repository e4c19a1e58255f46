package io.millrace.tests.bench;

import io.millrace.tests.client.PutMediaSocket;
import io.millrace.tests.load.CameraClip;
import io.millrace.tests.load.CameraFleet;
import io.millrace.tests.process.ServerProcess;
import java.io.IOException;

/** A stream {@code bench} with one fragment per second from a fixed time on. */
final class StoredClip {
  static final String STREAM = "bench";
  static final long START_MILLIS = 1_760_000_000_000L;

  private StoredClip() {}

  /** Sends the clip once, as fast as it goes, and waits until it is durable. */
  static void send(ServerProcess server, CameraClip clip) throws IOException {
    CameraFleet.createStream(server, STREAM);
    try (PutMediaSocket socket = PutMediaSocket.absolute(server.endpoint(), STREAM)) {
      byte[] header = new byte[clip.header().remaining()];
      clip.header().duplicate().get(header);
      socket.send(header, 0, header.length);
      for (int i = 0; i < clip.clusters().size(); i++) {
        socket.sendAll(clip.clusterAt(i, START_MILLIS + i * 1000L), 65_536);
      }
      socket.finish();
      socket.ended().join();
    }
  }
}
