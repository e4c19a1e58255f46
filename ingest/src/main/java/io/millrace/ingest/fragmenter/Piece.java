package io.millrace.ingest.fragmenter;

/** Some bytes of a body that can be copied once to where they belong. */
@FunctionalInterface
public interface Piece {
  /** Copies all its bytes to {@code target} from index {@code at} on. */
  void copyTo(byte[] target, int at);
}
