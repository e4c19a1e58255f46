package io.millrace.media.mkv;

import io.millrace.media.track.Track;
import java.util.List;
import java.util.Optional;

/**
 * What a document says before its first Cluster.
 *
 * @param docType such as {@code matroska} or {@code webm}
 * @param timecodeScaleNanos nanoseconds per timecode tick, 1,000,000 where undeclared
 * @param durationNanos declared duration of the whole file, 0 where undeclared
 * @param tracks in file order, at least none
 */
public record MkvHeader(
    String docType, long timecodeScaleNanos, long durationNanos, List<Track> tracks) {
  public MkvHeader {
    tracks = List.copyOf(tracks);
  }

  /** The track that blocks with this number belong to. */
  public Optional<Track> track(int number) {
    for (Track track : tracks) {
      if (track.number() == number) {
        return Optional.of(track);
      }
    }
    return Optional.empty();
  }
}
