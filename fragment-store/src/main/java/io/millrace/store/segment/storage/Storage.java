package io.millrace.store.segment.storage;

import java.io.IOException;
import java.util.List;

/**
 * What the engine needs of a file system. Paths are relative, with {@code /} between names.
 * Thread-safe. Methods fail with {@link NoSpaceException} when there is no room and with another
 * {@link IOException} when the device fails.
 */
public interface Storage extends AutoCloseable {
  /** Offsets, lengths and buffer addresses of segment file I/O are multiples of this. */
  int ALIGNMENT = 4096;

  /** Whether segment files are written past the page cache. */
  boolean direct();

  /** Names in a directory, in no order; empty when there is no such directory. */
  List<String> list(String directory) throws IOException;

  /** Opens a segment file for reading and durable writing. */
  StorageFile open(String path, boolean create) throws IOException;

  /** Moves a file; atomic, and durable after {@link #syncDirectory} of both directories. */
  void rename(String from, String to) throws IOException;

  /** Deletes a file; does nothing when there is none. */
  void delete(String path) throws IOException;

  /** Makes a directory and those above it, durably; does nothing when it is there. */
  void createDirectory(String path) throws IOException;

  /** Deletes an empty directory; does nothing when there is none. */
  void deleteDirectory(String path) throws IOException;

  /** Makes the names in a directory durable. */
  void syncDirectory(String path) throws IOException;

  /** Size of a file. */
  long sizeBytes(String path) throws IOException;

  /** Bytes of a side file from an offset on, at most {@code maxBytes}, fewer at its end. */
  byte[] readSide(String path, long offset, int maxBytes) throws IOException;

  /** Replaces a side file in one step; not durable, a crash may leave the old one or none. */
  void writeSide(String path, byte[] bytes) throws IOException;

  /** Bytes that could still be written. */
  long usableBytes() throws IOException;

  @Override
  void close() throws IOException;
}
