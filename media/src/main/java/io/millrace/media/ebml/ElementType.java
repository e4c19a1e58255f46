package io.millrace.media.ebml;

/** How the reader treats the content of an element. */
public enum ElementType {
  /** Contains elements; the reader descends. */
  MASTER,
  /** Unsigned or signed integer of 0 to 8 bytes, delivered as its 64 bits, not sign-extended. */
  INTEGER,
  /** IEEE float of 0, 4 or 8 bytes. */
  FLOAT,
  /** UTF-8 or ASCII text, collected; trailing NUL bytes are cut. */
  TEXT,
  /** Bytes, collected and handed over in one array. */
  BINARY,
  /** Bytes, passed on as they arrive and never collected. */
  STREAM,
  /** Not wanted: stepped over without looking. */
  SKIP
}
