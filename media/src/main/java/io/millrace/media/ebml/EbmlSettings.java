package io.millrace.media.ebml;

/**
 * Limits of one reader.
 *
 * @param maxDepth open masters at one time; deeper nesting is refused
 * @param maxCollectedBytes largest text or binary element that is collected in memory
 * @param maxElementBytes largest element that is not a master, also when it is streamed or skipped
 * @param unknownSizes whether masters of unknown size are taken where the schema allows them
 */
public record EbmlSettings(
    int maxDepth, int maxCollectedBytes, long maxElementBytes, boolean unknownSizes) {

  /** Depth 16, 1 MiB collected, 64 MiB per element, unknown sizes taken. */
  public static final EbmlSettings DEFAULT = new EbmlSettings(16, 1 << 20, 64L << 20, true);

  public EbmlSettings {
    if (maxDepth < 1 || maxCollectedBytes < 8 || maxElementBytes < maxCollectedBytes) {
      throw new IllegalArgumentException(
          "EBML limits out of range: depth %d, collected %d, element %d"
              .formatted(maxDepth, maxCollectedBytes, maxElementBytes));
    }
  }
}
