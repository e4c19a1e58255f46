package io.millrace.ingest.upload;

import io.millrace.api.error.AwsError;
import io.millrace.api.logging.LogLine;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A temporary file that a body is written to. Lives on one event loop. */
final class Spool {
  private static final Logger LOG = LoggerFactory.getLogger(Spool.class);

  private final Vertx vertx;
  private final Path path;
  private final AsyncFile file;
  private final long maxBytes;
  private long bytes;
  private boolean closed;

  private Spool(Vertx vertx, Path path, AsyncFile file, long maxBytes) {
    this.vertx = vertx;
    this.path = path;
    this.file = file;
    this.maxBytes = maxBytes;
  }

  /** Deletes what a crash left behind. Blocks: for starting only. */
  static void clear(Path directory) {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, "upload-*.mp4")) {
      for (Path path : left) {
        Files.delete(path);
      }
    } catch (NoSuchFileException e) {
      return;
    } catch (IOException e) {
      LOG.warn("{}", LogLine.of("spool_not_cleared").with("directory", directory), e);
    }
  }

  static Future<Spool> create(Vertx vertx, UploadSettings settings) {
    String directory = settings.spoolDirectory().toString();
    return vertx
        .fileSystem()
        .mkdirs(directory)
        .compose(
            made -> vertx.fileSystem().createTempFile(directory, "upload-", ".mp4", "rw-------"))
        .compose(
            name ->
                vertx
                    .fileSystem()
                    .open(name, new OpenOptions().setRead(false).setTruncateExisting(true))
                    .map(file -> new Spool(vertx, Path.of(name), file, settings.maxSpoolBytes())));
  }

  /**
   * Writes the next bytes; completes when more may come.
   *
   * @return fails with REQUEST_TOO_LARGE beyond the limit
   */
  Future<Void> write(Buffer piece) {
    bytes += piece.length();
    if (bytes > maxBytes) {
      return Future.failedFuture(
          AwsError.REQUEST_TOO_LARGE.because(
              "An MP4 file may have %d bytes; Matroska may have any number".formatted(maxBytes)));
    }
    return file.write(piece);
  }

  Path path() {
    return path;
  }

  /** Ends writing. */
  Future<Void> close() {
    if (closed) {
      return Future.succeededFuture();
    }
    closed = true;
    return file.close();
  }

  /** Closes and deletes; failures only leave a file behind. */
  Future<Void> delete() {
    return close().transform(closed -> vertx.fileSystem().delete(path.toString()));
  }
}
