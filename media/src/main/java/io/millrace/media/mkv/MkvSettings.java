package io.millrace.media.mkv;

import io.millrace.media.ebml.EbmlSettings;

/**
 * Limits and choices of one demuxer.
 *
 * @param ebml limits of the structure reader
 * @param deliveredBytes how much of each frame's payload {@link FrameEvent#data} holds: 0 for none,
 *     a few to peek, {@link Integer#MAX_VALUE} for all
 * @param maxTracks tracks in one document; more are refused
 * @param maxTags simple tags in one Tags element; more are refused
 * @param maxLacedBytes largest block with lacing, which is collected to be taken apart
 */
public record MkvSettings(
    EbmlSettings ebml, int deliveredBytes, int maxTracks, int maxTags, int maxLacedBytes) {
  /** For live bytes: no payload, 64 tracks, 1024 tags, laced blocks up to 1 MiB. */
  public static final MkvSettings LIVE =
      new MkvSettings(EbmlSettings.DEFAULT, 0, 64, 1024, 1 << 20);

  public MkvSettings {
    if (deliveredBytes < 0 || maxTracks < 1 || maxTags < 1 || maxLacedBytes < 1) {
      throw new IllegalArgumentException("Matroska limits must be positive");
    }
  }

  /** The same with another amount of payload per frame. */
  public MkvSettings withDeliveredBytes(int bytes) {
    return new MkvSettings(ebml, bytes, maxTracks, maxTags, maxLacedBytes);
  }
}
