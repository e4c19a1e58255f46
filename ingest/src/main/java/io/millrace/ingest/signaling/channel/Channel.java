package io.millrace.ingest.signaling.channel;

import java.util.Map;
import java.util.Optional;

/**
 * A signaling channel.
 *
 * @param name unique among channels
 * @param createdMillis epoch milliseconds of its creation
 * @param version changes with every update; 20 letters and digits
 * @param messageTtlSeconds how long messages to an absent master are kept, 5 to 120
 * @param tags labels, at most 50
 * @param storage where media of the channel are stored; empty while storage is disabled
 */
public record Channel(
    String name,
    long createdMillis,
    String version,
    int messageTtlSeconds,
    Map<String, String> tags,
    Optional<MappedStream> storage) {
  /** What the service takes for {@link #messageTtlSeconds} when nothing is asked for. */
  public static final int DEFAULT_MESSAGE_TTL_SECONDS = 60;

  public Channel {
    tags = Map.copyOf(tags);
  }

  /** The same with another time to keep messages. */
  public Channel withMessageTtlSeconds(int seconds) {
    return new Channel(name, createdMillis, version, seconds, tags, storage);
  }

  /** The same with other tags. */
  public Channel withTags(Map<String, String> others) {
    return new Channel(name, createdMillis, version, messageTtlSeconds, others, storage);
  }

  /** The same with another place to store media. */
  public Channel withStorage(Optional<MappedStream> target) {
    return new Channel(name, createdMillis, version, messageTtlSeconds, tags, target);
  }

  /** The same under another version. */
  Channel withVersion(String next) {
    return new Channel(name, createdMillis, next, messageTtlSeconds, tags, storage);
  }

  /** Whether another is this channel in the same life. */
  public boolean isSame(Channel other) {
    return name.equals(other.name) && createdMillis == other.createdMillis;
  }
}
