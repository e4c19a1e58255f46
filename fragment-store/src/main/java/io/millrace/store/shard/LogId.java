package io.millrace.store.shard;

/**
 * Names one shard log: a stream in one of its lives, and a shard of it.
 *
 * @param stream name of the stream, 1 to 256 characters
 * @param createdMillis epoch milliseconds at which the stream was created; a deleted and recreated
 *     stream is another stream
 * @param shard number of the shard within the stream, 0 to 65,534
 */
public record LogId(String stream, long createdMillis, int shard) {
  /** Longest stream name taken. */
  public static final int MAX_STREAM_NAME = 256;

  /** Largest shard number. */
  public static final int MAX_SHARD = 0xfffe;

  public LogId {
    if (stream.isEmpty() || stream.length() > MAX_STREAM_NAME) {
      throw new IllegalArgumentException(
          "stream name of %d characters, want 1 to %d".formatted(stream.length(), MAX_STREAM_NAME));
    }
    if (shard < 0 || shard > MAX_SHARD || createdMillis < 0) {
      throw new IllegalArgumentException("log out of range: " + createdMillis + "/" + shard);
    }
  }
}
