package io.millrace.datastreams.model;

/** How data records are told apart in the log; see docs/on-disk-format.md. */
public final class RecordKind {
  private static final int RECORD = 1;
  private static final int WITHOUT_KEY = 2;
  private static final int ENCRYPTED = 4;

  private RecordKind() {}

  /**
   * The kind of a record.
   *
   * @param hasKey whether it came with a partition key
   * @param encrypted whether encryption was on for its stream
   */
  public static int of(boolean hasKey, boolean encrypted) {
    return RECORD | (hasKey ? 0 : WITHOUT_KEY) | (encrypted ? ENCRYPTED : 0);
  }

  public static boolean hasKey(int kind) {
    return (kind & WITHOUT_KEY) == 0;
  }

  public static boolean isEncrypted(int kind) {
    return (kind & ENCRYPTED) != 0;
  }
}
