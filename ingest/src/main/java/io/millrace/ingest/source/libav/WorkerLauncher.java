package io.millrace.ingest.source.libav;

import java.io.IOException;

/** Starts a process of our own beside the server. Thread-safe. */
public interface WorkerLauncher {
  /**
   * Starts one whose standard input and output are pipes to us.
   *
   * @param main class with its main method, on our class path
   * @param heapBytes most memory of its heap
   */
  Process start(Class<?> main, long heapBytes) throws IOException;
}
