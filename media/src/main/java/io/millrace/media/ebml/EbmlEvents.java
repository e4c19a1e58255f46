package io.millrace.media.ebml;

import io.millrace.media.track.MediaException;
import java.nio.ByteBuffer;

/**
 * What {@link EbmlReader} found, in document order. {@code offset} is always the absolute offset of
 * the element's first byte (its ID), counted from the first byte ever fed. A receiver may throw to
 * refuse the document; the reader is then finished.
 */
public interface EbmlEvents {
  /**
   * A master begins.
   *
   * @param dataOffset offset of its first child
   */
  void masterStart(int id, long offset, long dataOffset) throws MediaException;

  /**
   * A master ended: its size is used up, or its unknown size was ended by another element or the
   * end of input.
   *
   * @param endOffset offset of the first byte after it
   */
  void masterEnd(int id, long endOffset) throws MediaException;

  /** An integer; 0 for an empty element. */
  void integer(int id, long value, long offset) throws MediaException;

  /** A float; 0 for an empty element. */
  void real(int id, double value, long offset) throws MediaException;

  /** A text without its trailing NUL bytes. */
  void text(int id, String value, long offset) throws MediaException;

  /** Collected bytes. The receiver <em>takes</em> the array. */
  void binary(int id, byte[] value, long offset) throws MediaException;

  /**
   * An element of type STREAM begins.
   *
   * @param dataOffset offset of its first content byte
   * @param sizeBytes length of its content
   */
  void streamStart(int id, long offset, long dataOffset, long sizeBytes) throws MediaException;

  /**
   * Content of the current STREAM element, of which {@code length} bytes lie in the buffer from
   * index {@code from}. The buffer is borrowed; its position must not be moved.
   */
  void streamPart(ByteBuffer buffer, int from, int length) throws MediaException;

  /** The STREAM element is complete. */
  void streamEnd(long endOffset) throws MediaException;
}
