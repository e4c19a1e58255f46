package io.millrace.playback.frame;

import io.millrace.media.track.CodecPrivateData;
import java.util.List;

/**
 * Pictures wanted out of one run of access units.
 *
 * @param codecId Matroska CodecID
 * @param codecPrivate decoder setup
 * @param units in file (decoding) order, from a keyframe up to the last wanted one
 * @param format how the pictures are encoded
 */
public record DecodeRequest(
    String codecId, CodecPrivateData codecPrivate, List<AccessUnit> units, PictureFormat format) {
  public DecodeRequest {
    units = List.copyOf(units);
  }
}
