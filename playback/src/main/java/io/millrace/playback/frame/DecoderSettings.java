package io.millrace.playback.frame;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Limits of the decoder workers.
 *
 * @param workers processes kept ready
 * @param threadsPerJob frames one worker decodes at once when a picture lies deep in its group, no
 *     more than the machine has cores
 * @param queuedJobs jobs that may wait for a worker; one more is refused as busy
 * @param jobTimeLimit a worker that needs longer for one job is killed
 * @param startTimeLimit a worker that needs longer to say hello is killed; the first start on a
 *     machine unpacks libav
 * @param jobsPerWorker a worker is replaced after so many jobs
 * @param maxHeapBytes Java heap of a worker
 * @param maxResidentBytes a worker whose resident memory is above this after a job is replaced
 * @param cacheDirectory where libav is unpacked once
 */
public record DecoderSettings(
    int workers,
    int threadsPerJob,
    int queuedJobs,
    Duration jobTimeLimit,
    Duration startTimeLimit,
    int jobsPerWorker,
    long maxHeapBytes,
    long maxResidentBytes,
    Path cacheDirectory) {

  /**
   * Two workers, up to four threads a job, 64 waiting jobs, 10 s a job, 2,000 jobs and 512 MiB a
   * worker.
   */
  public static DecoderSettings defaults(Path cacheDirectory) {
    return new DecoderSettings(
        2,
        4,
        64,
        Duration.ofSeconds(10),
        Duration.ofSeconds(60),
        2_000,
        64L << 20,
        512L << 20,
        cacheDirectory);
  }
}
