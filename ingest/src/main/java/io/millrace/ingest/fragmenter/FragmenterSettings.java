package io.millrace.ingest.fragmenter;

import java.time.Duration;

/**
 * Limits of one fragmenter; the defaults are the service's.
 *
 * @param maxFragmentBytes largest Cluster; default 50,000,000
 * @param maxFragmentDuration latest frame of a fragment after its timecode; default 20 s
 * @param maxTracks tracks a document may declare; default 3
 * @param maxPreludeBytes most bytes before a Cluster: header part, tags and what else stands there;
 *     default 4 MiB
 * @param maxTags tags of one fragment; default 10
 * @param maxTagNameBytes longest tag name in UTF-8; default 128
 * @param maxTagValueBytes longest tag value in UTF-8; default 256
 * @param orderTolerance how far a fragment may start before the last frame of the one before, which
 *     B-frames cause; default 2 s
 * @param everyTrack whether each fragment must hold a frame of every declared track; default true
 * @param manyDocuments whether further EBML headers may follow in one body; default false
 */
public record FragmenterSettings(
    int maxFragmentBytes,
    Duration maxFragmentDuration,
    int maxTracks,
    int maxPreludeBytes,
    int maxTags,
    int maxTagNameBytes,
    int maxTagValueBytes,
    Duration orderTolerance,
    boolean everyTrack,
    boolean manyDocuments) {

  /** The limits PutMedia has. */
  public static FragmenterSettings defaults() {
    return new FragmenterSettings(
        50_000_000,
        Duration.ofSeconds(20),
        3,
        4 << 20,
        10,
        128,
        256,
        Duration.ofSeconds(2),
        true,
        false);
  }
}
