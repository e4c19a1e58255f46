package io.millrace.ingest.source.worker;

import static org.bytedeco.ffmpeg.global.avformat.avformat_network_init;
import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_ERROR;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;
import static org.bytedeco.ffmpeg.global.avutil.av_max_alloc;
import static org.bytedeco.ffmpeg.global.avutil.setLogCallback;

import io.millrace.ingest.source.worker.WorkerMessages.Ended;
import io.millrace.ingest.source.worker.WorkerMessages.Hello;
import io.millrace.ingest.source.worker.WorkerMessages.Order;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.Loader;

/** Main class of a source worker: takes one order and reads until one side ends it. */
public final class SourceWorkerMain {
  /** Largest single allocation libav may make. */
  private static final long MAX_ALLOCATION_BYTES = 128L << 20;

  private static final int BUFFER_BYTES = 64 << 10;

  private SourceWorkerMain() {}

  /** Takes no arguments: they would be seen by everybody on the machine. */
  public static void main(String[] args) {
    try (DataOutputStream out =
        new DataOutputStream(
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER_BYTES))) {
      serve(new DataInputStream(System.in), out);
    } catch (IOException e) {
      System.err.println("source worker: " + e);
    }
    Runtime.getRuntime().halt(0);
  }

  private static void serve(DataInputStream in, DataOutputStream out) throws IOException {
    LastComplaint complaint = new LastComplaint();
    String trouble = load(complaint);
    WorkerMessages.write(out, new Hello(trouble));
    out.flush();
    if (!trouble.isEmpty()) {
      return;
    }
    Order order = WorkerMessages.readOrder(in);
    Thread watch = new Thread(() -> endWith(in), "server-watch");
    watch.setDaemon(true);
    watch.start();
    String reason;
    try (LibavInput input = new LibavInput(order, complaint)) {
      reason = input.read(out);
    } catch (LibavFailure e) {
      reason = String.valueOf(e.getMessage());
    }
    WorkerMessages.write(out, new Ended(reason));
    out.flush();
  }

  /** libav may wait for a peer for ever: the server's going must end it from outside. */
  private static void endWith(InputStream in) {
    try {
      while (in.read() >= 0) {
        // The server says nothing more.
      }
    } catch (IOException e) {
      // It is gone as well.
    }
    Runtime.getRuntime().halt(0);
  }

  private static String load(LastComplaint complaint) {
    try {
      Loader.load(avutil.class);
      Loader.load(avcodec.class);
      Loader.load(avformat.class);
      av_log_set_level(AV_LOG_ERROR);
      setLogCallback(complaint);
      av_max_alloc(MAX_ALLOCATION_BYTES);
      avformat_network_init();
      return "";
    } catch (LinkageError | RuntimeException e) {
      return "libav cannot be loaded: " + e;
    }
  }
}
