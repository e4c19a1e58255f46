package io.millrace.playback.getmedia;

import java.time.Duration;

/**
 * Limits of the operations that hand stored bytes back.
 *
 * @param connectionsPerStream GetMedia and GetMediaForFragmentList replies open at once per stream;
 *     one more is refused
 * @param connections replies open at once on this server
 * @param maxDuration a GetMedia reply ends after so long, between two fragments; clients go on by
 *     continuation token
 * @param pollWait longest wait of one look for newer fragments
 * @param freshness NOW starts with the newest fragment if it is not older than this, and with the
 *     next one otherwise
 * @param writeBytes most bytes handed to a connection before it has taken them
 */
public record GetMediaSettings(
    int connectionsPerStream,
    int connections,
    Duration maxDuration,
    Duration pollWait,
    Duration freshness,
    int writeBytes) {
  /** 50 replies a stream, 500 in all, 45 minutes, 5 s, 10 s, 256 KiB. */
  public static GetMediaSettings defaults() {
    return new GetMediaSettings(
        50, 500, Duration.ofMinutes(45), Duration.ofSeconds(5), Duration.ofSeconds(10), 256 << 10);
  }
}
