package io.millrace.ingest.upload;

import io.millrace.ingest.fragmenter.GopSettings;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Limits of uploads.
 *
 * @param gop how frames are gathered into fragments
 * @param spoolDirectory where MP4 files lie while they are read, since their index may come last
 * @param maxSpoolBytes largest MP4 file; default 8 GiB. Matroska bodies are not spooled and may be
 *     endless
 * @param maxUploads uploads at one time; more are refused; default 16
 * @param maxUnpersistedBytes complete fragments of one upload that wait to become durable; above it
 *     the client is held back; default 32 MiB
 * @param busyRetry as for PutMedia; default 2 ms
 * @param busyTimeout as for PutMedia; default 30 s
 * @param retentionHours retention of a stream an upload creates without saying; default 24
 * @param gapTolerance pause between fragments that counts as a gap; default 1 s, since files of
 *     variable frame rate do not say how long their last frames are shown
 * @param maxListedGaps most gaps listed in an answer; all are counted; default 1,000
 */
public record UploadSettings(
    GopSettings gop,
    Path spoolDirectory,
    long maxSpoolBytes,
    int maxUploads,
    int maxUnpersistedBytes,
    Duration busyRetry,
    Duration busyTimeout,
    int retentionHours,
    Duration gapTolerance,
    int maxListedGaps) {

  /** The documented defaults. */
  public static UploadSettings defaults(Path spoolDirectory) {
    return new UploadSettings(
        GopSettings.defaults(),
        spoolDirectory,
        8L << 30,
        16,
        32 << 20,
        Duration.ofMillis(2),
        Duration.ofSeconds(30),
        24,
        Duration.ofSeconds(1),
        1_000);
  }
}
