package io.millrace.playback.session;

import io.millrace.playback.source.SourceStream;

/**
 * One viewer's session.
 *
 * @param token opaque, URL-safe, ends with {@code ~} as the service's tokens do
 * @param stream what it plays
 * @param spec what was asked for
 * @param expiresMillis epoch milliseconds after which the token no longer holds
 * @param state what its protocol keeps
 */
public record PlaybackSession<S>(
    String token, SourceStream stream, SessionSpec spec, long expiresMillis, S state) {}
