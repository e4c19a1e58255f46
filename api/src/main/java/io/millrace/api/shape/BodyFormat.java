package io.millrace.api.shape;

/** How the members of a request or an answer are written down. */
public enum BodyFormat {
  /**
   * Timestamps are epoch seconds with a fraction, blobs are base64 strings; AWS JSON 1.0 and 1.1.
   */
  JSON,
  /**
   * RFC 8949 with the habits of the AWS SDKs for Java: timestamps are epoch <em>milliseconds</em>
   * under tag 1, blobs are byte strings; AWS CBOR 1.1.
   */
  CBOR,
  /** RFC 8949 to the letter: tag 1 is for epoch seconds; Smithy RPC v2 CBOR. */
  RPC_CBOR;

  /** Whether it is text, in which blobs are base64. */
  boolean isText() {
    return this == JSON;
  }

  /** Whether numbers that stand for timestamps are seconds; otherwise milliseconds. */
  boolean hasEpochSeconds() {
    return this != CBOR;
  }
}
