package io.millrace.playback.frame;

import io.millrace.playback.frame.worker.PipeReader;
import io.millrace.playback.frame.worker.PipeWriter;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a decoder worker can be asked to do; the bytes are those of {@link
 * io.millrace.playback.frame.worker.WorkerProtocol}.
 *
 * @param <T> the answer
 */
public interface WorkerTask<T> {
  /** Why it is beyond what a worker takes, null when it is not. */
  @Nullable String refusal();

  /** Writes all of it; the driver flushes. */
  void write(PipeWriter out) throws IOException;

  /** Reads what stands behind the head of the reply, also when the job failed. */
  T read(PipeReader in) throws IOException;

  /** Counts what was made; called before anybody has the answer. */
  void count(T answer, DecoderMetrics metrics);
}
