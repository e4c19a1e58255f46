package io.millrace.ingest.fragmenter;

/** Tells a document's own tags from a fragment's. */
final class DocumentTags {
  /** ID of Targets (RFC 9559), two bytes that UTF-8 text never holds in this order. */
  private static final int TARGETS_HIGH = 0x63;

  private static final int TARGETS_LOW = 0xC0;

  private DocumentTags() {}

  /** Whether a Tags element says what it is about, as muxers of files do. */
  static boolean haveTargets(byte[] element) {
    for (int i = 0; i + 1 < element.length; i++) {
      if (element[i] == TARGETS_HIGH && (element[i + 1] & 0xff) == TARGETS_LOW) {
        return true;
      }
    }
    return false;
  }
}
