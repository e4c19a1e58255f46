package io.millrace.ingest.signaling.relay;

import java.time.Duration;

/**
 * Limits of WebSockets and of what goes over them. The defaults are the service's where it has one.
 * Rates are of one second, with bursts of as much; 0 is no limit.
 *
 * @param maxConnections most WebSockets of this server; default 10,000
 * @param maxViewers most viewers of a channel; default 10
 * @param connectRate connections of masters, and of viewers, to a channel; default 3
 * @param sdpRate offers and answers of a connection; default 5
 * @param iceRate candidates of a connection; default 20
 * @param iceConfigRate GetIceServerConfig calls for a channel; default 5
 * @param maxPayload longest payload, in characters of base64; default 10,000
 * @param maxMalformed messages that are no messages after which a connection is closed; default 100
 * @param maxKeptMessages messages to one absent master that are kept; default 100
 * @param maxKeptBytes such messages of all channels; default 16 MiB
 * @param maxUnsentBytes what may wait for a slow client before it is closed; default 1 MiB
 * @param idleLimit a connection over which a client says nothing is closed; default 10 min
 * @param maxAge age at which a connection is closed; default 1 h
 * @param goAwayNotice how long before a client is told to go; default 1 min
 * @param pingInterval how often a client must answer to a ping, or it is taken for gone after two;
 *     below the listener's idle timeout; default 30 s
 */
public record RelaySettings(
    int maxConnections,
    int maxViewers,
    int connectRate,
    int sdpRate,
    int iceRate,
    int iceConfigRate,
    int maxPayload,
    int maxMalformed,
    int maxKeptMessages,
    long maxKeptBytes,
    int maxUnsentBytes,
    Duration idleLimit,
    Duration maxAge,
    Duration goAwayNotice,
    Duration pingInterval) {
  public RelaySettings {
    if (goAwayNotice.compareTo(maxAge) >= 0) {
      throw new IllegalArgumentException("a client is told to go before the connection's age");
    }
    if (pingInterval.toMillis() < 1 || idleLimit.toMillis() < 1) {
      throw new IllegalArgumentException("pings and silence take time");
    }
  }

  /** The documented defaults. */
  public static RelaySettings defaults() {
    return new RelaySettings(
        10_000,
        10,
        3,
        5,
        20,
        5,
        10_000,
        100,
        100,
        16L << 20,
        1 << 20,
        Duration.ofMinutes(10),
        Duration.ofHours(1),
        Duration.ofMinutes(1),
        Duration.ofSeconds(30));
  }

  /** The same with other rates: of connections, and of messages of either kind. */
  public RelaySettings withRates(int connects, int sdps, int candidates, int iceConfigs) {
    return new RelaySettings(
        maxConnections,
        maxViewers,
        connects,
        sdps,
        candidates,
        iceConfigs,
        maxPayload,
        maxMalformed,
        maxKeptMessages,
        maxKeptBytes,
        maxUnsentBytes,
        idleLimit,
        maxAge,
        goAwayNotice,
        pingInterval);
  }

  /** The same with other numbers of connections. */
  public RelaySettings withConnections(int connections, int viewers) {
    return new RelaySettings(
        connections,
        viewers,
        connectRate,
        sdpRate,
        iceRate,
        iceConfigRate,
        maxPayload,
        maxMalformed,
        maxKeptMessages,
        maxKeptBytes,
        maxUnsentBytes,
        idleLimit,
        maxAge,
        goAwayNotice,
        pingInterval);
  }

  /** The same with other bounds of memory. */
  public RelaySettings withMemory(
      int malformed, int keptMessages, long keptBytes, int unsentBytes) {
    return new RelaySettings(
        maxConnections,
        maxViewers,
        connectRate,
        sdpRate,
        iceRate,
        iceConfigRate,
        maxPayload,
        malformed,
        keptMessages,
        keptBytes,
        unsentBytes,
        idleLimit,
        maxAge,
        goAwayNotice,
        pingInterval);
  }

  /** The same with other times. */
  public RelaySettings withTimes(
      Duration idle, Duration age, Duration notice, Duration betweenPings) {
    return new RelaySettings(
        maxConnections,
        maxViewers,
        connectRate,
        sdpRate,
        iceRate,
        iceConfigRate,
        maxPayload,
        maxMalformed,
        maxKeptMessages,
        maxKeptBytes,
        maxUnsentBytes,
        idle,
        age,
        notice,
        betweenPings);
  }
}
