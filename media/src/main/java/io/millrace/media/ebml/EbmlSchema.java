package io.millrace.media.ebml;

/** What a document type says of its elements; the reader itself knows none. Pure functions. */
public interface EbmlSchema {
  /** Parent of elements at the top of the document. */
  int ROOT = 0;

  /**
   * How to treat an element.
   *
   * @param parentId ID of the master it stands in, or {@link #ROOT}
   * @param id its ID
   * @return {@link ElementType#SKIP} for elements that are unknown or do not belong there
   */
  ElementType type(int parentId, int id);

  /** Whether an element may stand at the top of the document. */
  boolean allowedAtRoot(int id);

  /** Whether a master may have an unknown size. */
  boolean mayBeUnknownSize(int id);

  /** Whether the appearance of {@code id} ends an open master of unknown size. */
  boolean endsUnknownSize(int openId, int id);

  /** Whether the input may end inside this sized master, between two of its children. */
  boolean mayEndEarly(int id);

  /** Name for error messages; hexadecimal for unknown IDs. */
  String name(int id);
}
