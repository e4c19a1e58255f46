package io.millrace.playback.session;

import io.millrace.api.error.AwsError;
import io.millrace.playback.source.SourceStream;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The sessions alive, by token. They are kept here rather than in the token because a live session
 * has state (its media sequence), and because a playlist repeats the token on every line. A restart
 * ends them; players then ask for a new URL, as they do on expiry. Thread-safe.
 *
 * @param <S> what the protocol keeps per session
 */
public final class SessionTable<S> {
  private static final int TOKEN_BYTES = 24;

  private final int maxSessions;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Map<String, PlaybackSession<S>> sessions = new HashMap<>();

  /**
   * @param maxSessions sessions alive at once; one more is refused
   * @param random must not be guessable: a token is a permission
   */
  public SessionTable(int maxSessions, InstantSource clock, RandomGenerator random) {
    this.maxSessions = maxSessions;
    this.clock = clock;
    this.random = random;
  }

  /**
   * Opens a session.
   *
   * @throws io.millrace.api.error.AwsException CLIENT_LIMIT_EXCEEDED when the table is full
   */
  public synchronized PlaybackSession<S> open(SourceStream stream, SessionSpec spec, S state) {
    long now = clock.millis();
    if (sessions.size() >= maxSessions) {
      sessions.values().removeIf(session -> session.expiresMillis() <= now);
    }
    if (sessions.size() >= maxSessions) {
      throw AwsError.CLIENT_LIMIT_EXCEEDED.because(
          "Too many streaming sessions: the limit is " + maxSessions);
    }
    byte[] secret = new byte[TOKEN_BYTES];
    random.nextBytes(secret);
    String token = Base64.getUrlEncoder().withoutPadding().encodeToString(secret) + "~";
    PlaybackSession<S> session =
        new PlaybackSession<>(token, stream, spec, now + spec.lifetime().toMillis(), state);
    sessions.put(token, session);
    return session;
  }

  /**
   * The session of a token.
   *
   * @throws io.millrace.api.error.AwsException SESSION_EXPIRED when there is none
   */
  public synchronized PlaybackSession<S> get(String token) {
    PlaybackSession<S> session = sessions.get(token);
    if (session == null || session.expiresMillis() <= clock.millis()) {
      sessions.remove(token);
      throw AwsError.SESSION_EXPIRED.because("Streaming session token is expired");
    }
    return session;
  }

  /** Sessions in the table, those not yet dropped after expiry included. */
  public synchronized int size() {
    return sessions.size();
  }
}
