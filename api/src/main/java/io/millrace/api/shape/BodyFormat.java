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
  CBOR
}
