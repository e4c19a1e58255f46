package io.millrace.media.mp4;

/**
 * Limits of one reader.
 *
 * @param maxIndexBytes largest moov or moof, which is held in memory while it is read
 * @param maxTracks tracks in one file
 * @param maxSamples samples of all tracks together; each takes 28 bytes of memory
 * @param maxSampleBytes largest sample
 * @param maxBoxes boxes at the top of the file
 */
public record Mp4Settings(
    int maxIndexBytes, int maxTracks, int maxSamples, int maxSampleBytes, int maxBoxes) {
  /** 64 MiB of index, 64 tracks, 4 million samples, 64 MiB per sample, 1 million boxes. */
  public static final Mp4Settings DEFAULT =
      new Mp4Settings(64 << 20, 64, 4_000_000, 64 << 20, 1_000_000);

  public Mp4Settings {
    if (maxIndexBytes < 1
        || maxTracks < 1
        || maxSamples < 1
        || maxSampleBytes < 1
        || maxBoxes < 1) {
      throw new IllegalArgumentException("MP4 limits must be positive");
    }
  }
}
