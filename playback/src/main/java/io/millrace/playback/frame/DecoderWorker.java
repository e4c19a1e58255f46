package io.millrace.playback.frame;

import io.millrace.playback.frame.worker.DecoderWorkerMain;
import io.millrace.playback.frame.worker.PipeReader;
import io.millrace.playback.frame.worker.PipeWriter;
import io.millrace.playback.frame.worker.WorkerProtocol;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.List;

/** One worker process, as its driver thread sees it. Only {@link #kill} may be called by others. */
final class DecoderWorker implements AutoCloseable {
  private final Process process;
  private final PipeReader in;
  private final PipeWriter out;
  private int jobs;
  private long residentBytes;

  private DecoderWorker(Process process) {
    this.process = process;
    this.in = new PipeReader(Channels.newChannel(process.getInputStream()));
    this.out = new PipeWriter(Channels.newChannel(process.getOutputStream()));
  }

  /** Starts the process; {@link #awaitReady} must follow. */
  static DecoderWorker start(DecoderSettings settings) throws IOException {
    List<String> command =
        WorkerCommand.of(
            DecoderWorkerMain.class,
            settings.maxHeapBytes(),
            settings.cacheDirectory(),
            Integer.toString(settings.threadsPerJob()));
    return new DecoderWorker(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start());
  }

  /**
   * Waits for the worker's hello.
   *
   * @return why it cannot work, empty when it is ready
   */
  String awaitReady() throws IOException {
    if (in.readInt() != WorkerProtocol.HELLO) {
      throw new IOException("the decoder worker did not say hello");
    }
    String text = in.readText();
    return text.startsWith("!") ? text.substring(1) : "";
  }

  /** Sends a job and reads its answer. */
  <T> T run(WorkerTask<T> task) throws IOException, DecodeException {
    task.write(out);
    out.flush();
    process.getOutputStream().flush();
    jobs++;
    if (in.readInt() != WorkerProtocol.REPLY) {
      throw new IOException("the decoder worker sent something that is not a reply");
    }
    String error = in.readText();
    residentBytes = in.readLong();
    T answer = task.read(in);
    if (!error.isEmpty()) {
      throw new DecodeException(DecodeException.Kind.MEDIA, error);
    }
    return answer;
  }

  /** Whether it should be replaced before it takes another job. */
  boolean isWornOut(DecoderSettings settings) {
    return jobs >= settings.jobsPerWorker() || residentBytes > settings.maxResidentBytes();
  }

  long pid() {
    return process.pid();
  }

  /** Ends the process at once; a driver waiting for it gets an IOException. */
  void kill() {
    process.destroyForcibly();
  }

  @Override
  public void close() {
    kill();
  }
}
