package io.millrace.api.wire;

import java.time.Duration;

/**
 * Where and how the front door listens.
 *
 * @param host address to bind; default {@code 127.0.0.1}
 * @param port TCP port, 0 for a free one; default 8080
 * @param instances listeners on that port, each on an event loop of its own; default 2
 * @param maxInitialLineBytes longest request line; default 65,536 (presigned URLs are long)
 * @param maxHeaderBytes largest header block; default 65,536
 * @param maxChunkBytes largest piece handed to a handler; default 65,536
 * @param maxConcurrentStreams HTTP/2 streams per connection; default 1,000
 * @param streamWindowBytes HTTP/2 flow-control window of a stream; default 1 MiB
 * @param connectionWindowBytes HTTP/2 flow-control window of a connection; default 4 MiB
 * @param maxResetsPer30s HTTP/2 stream resets by a client before it is sent away; default 10,000
 * @param sendBufferBytes kernel send buffer of a connection, which bounds what a slow reader holds;
 *     default 1 MiB
 * @param maxWebSocketMessageBytes largest message that comes over a WebSocket; default 64 KiB
 * @param idleTimeout a connection without a byte in either direction is closed; default 75 s
 */
public record FrontDoorSettings(
    String host,
    int port,
    int instances,
    int maxInitialLineBytes,
    int maxHeaderBytes,
    int maxChunkBytes,
    int maxConcurrentStreams,
    int streamWindowBytes,
    int connectionWindowBytes,
    int maxResetsPer30s,
    int sendBufferBytes,
    int maxWebSocketMessageBytes,
    Duration idleTimeout) {

  /** The documented defaults, on the given address. */
  public static FrontDoorSettings on(String host, int port) {
    return new FrontDoorSettings(
        host,
        port,
        2,
        65_536,
        65_536,
        65_536,
        1_000,
        1 << 20,
        4 << 20,
        10_000,
        1 << 20,
        64 << 10,
        Duration.ofSeconds(75));
  }

  /** The same with another number of event loops. */
  public FrontDoorSettings withInstances(int count) {
    return new FrontDoorSettings(
        host,
        port,
        count,
        maxInitialLineBytes,
        maxHeaderBytes,
        maxChunkBytes,
        maxConcurrentStreams,
        streamWindowBytes,
        connectionWindowBytes,
        maxResetsPer30s,
        sendBufferBytes,
        maxWebSocketMessageBytes,
        idleTimeout);
  }

  /** The same with another idle timeout. */
  public FrontDoorSettings withIdleTimeout(Duration timeout) {
    return new FrontDoorSettings(
        host,
        port,
        instances,
        maxInitialLineBytes,
        maxHeaderBytes,
        maxChunkBytes,
        maxConcurrentStreams,
        streamWindowBytes,
        connectionWindowBytes,
        maxResetsPer30s,
        sendBufferBytes,
        maxWebSocketMessageBytes,
        timeout);
  }
}
