package io.millrace.ingest.signaling.channel;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.store.table.Table;
import io.millrace.store.table.Table.Update;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The channels of this server, kept durably. Thread-safe.
 *
 * <pre>
 * name in the table          value
 * channel/NAME               a channel, see {@link ChannelCodec}
 * stream/NAME/CREATED        name of the channel whose media this stream stores
 * </pre>
 */
public final class Channels {
  private static final String CHANNEL = "channel/";
  private static final String STREAM = "stream/";

  /** The character after the slash: where a range of names with a prefix ends. */
  private static final String CHANNEL_END = "channel0";

  private static final String LETTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  private static final int VERSION_LENGTH = 20;

  private final Table table;
  private final int maxChannels;
  private final InstantSource clock;
  private final RandomGenerator random;

  /**
   * @param maxChannels most channels of this server
   */
  public Channels(Table table, int maxChannels, InstantSource clock, RandomGenerator random) {
    this.table = table;
    this.maxChannels = maxChannels;
    this.clock = clock;
    this.random = random;
  }

  /** The channel of a name. */
  public Optional<Channel> find(String name) {
    return table.get(CHANNEL + name).map(bytes -> ChannelCodec.decode(name, bytes));
  }

  /**
   * Channels in name order.
   *
   * @param prefix that names begin with
   * @param after the name before the first one wanted, null for the beginning
   * @param limit at most so many
   */
  public List<Channel> list(String prefix, @Nullable String after, int limit) {
    String from = after == null ? CHANNEL + prefix : CHANNEL + after;
    Stream<Map.Entry<String, byte[]>> entries =
        table.entries().subMap(from, after == null, CHANNEL_END, false).entrySet().stream();
    return entries
        .takeWhile(entry -> entry.getKey().startsWith(CHANNEL + prefix))
        .limit(limit)
        .map(
            entry ->
                ChannelCodec.decode(entry.getKey().substring(CHANNEL.length()), entry.getValue()))
        .toList();
  }

  /** The channel whose media a stream stores. */
  public Optional<Channel> storedIn(MappedStream stream) {
    return table.get(key(stream)).flatMap(name -> find(new String(name, StandardCharsets.UTF_8)));
  }

  private static String key(MappedStream stream) {
    return STREAM + stream.name() + "/" + stream.createdMillis();
  }

  /**
   * Makes a channel. The stage fails with RESOURCE_IN_USE if the name is taken and with
   * ACCOUNT_CHANNEL_LIMIT_EXCEEDED.
   */
  public CompletionStage<Channel> create(
      String name, int messageTtlSeconds, Map<String, String> tags) {
    Channel made =
        new Channel(
            name,
            Math.max(1, clock.millis()),
            newVersion(),
            messageTtlSeconds,
            tags,
            Optional.empty());
    return table.update(
        now -> {
          if (now.containsKey(CHANNEL + name)) {
            throw AwsError.RESOURCE_IN_USE.because("A channel of this name exists already.");
          }
          if (now.subMap(CHANNEL, CHANNEL_END).size() >= maxChannels) {
            throw AwsError.ACCOUNT_CHANNEL_LIMIT_EXCEEDED.because(
                "The server has its most channels: " + maxChannels);
          }
          return Update.put(CHANNEL + name, ChannelCodec.encode(made), made);
        });
  }

  /**
   * Changes a channel and gives it another version.
   *
   * @param expectedVersion the version it must have, null for any
   * @param step to what it becomes; what it throws the stage fails with
   * @return fails with RESOURCE_NOT_FOUND or VERSION_MISMATCH; with RESOURCE_IN_USE when its new
   *     stream stores another channel
   */
  public CompletionStage<Channel> update(
      Channel channel, @Nullable String expectedVersion, UnaryOperator<Channel> step) {
    String version = newVersion();
    return table.update(
        now -> {
          Channel current = current(now, channel, expectedVersion);
          Channel next = step.apply(current).withVersion(version);
          Map<String, byte[]> puts = new HashMap<>();
          Set<String> removes = new HashSet<>();
          current.storage().ifPresent(stream -> removes.add(key(stream)));
          next.storage()
              .ifPresent(
                  stream -> {
                    checkFree(now, stream, next);
                    puts.put(key(stream), utf8(next.name()));
                  });
          puts.put(CHANNEL + next.name(), ChannelCodec.encode(next));
          return new Update<>(puts, removes, next);
        });
  }

  private static void checkFree(
      NavigableMap<String, byte[]> now, MappedStream stream, Channel channel) {
    byte[] holder = now.get(key(stream));
    if (holder != null && !Arrays.equals(holder, utf8(channel.name()))) {
      throw AwsError.RESOURCE_IN_USE.because(
          "The stream stores another channel; a stream stores one channel only.");
    }
  }

  /**
   * Deletes a channel, and what it is stored in keeps its data.
   *
   * @return the channel as it was; fails as {@link #update}
   */
  public CompletionStage<Channel> delete(Channel channel, @Nullable String expectedVersion) {
    return table.update(
        now -> {
          Channel current = current(now, channel, expectedVersion);
          Set<String> removes = new HashSet<>();
          removes.add(CHANNEL + channel.name());
          current.storage().ifPresent(stream -> removes.add(key(stream)));
          return new Update<>(Map.of(), removes, current);
        });
  }

  private static Channel current(
      NavigableMap<String, byte[]> now, Channel channel, @Nullable String expectedVersion) {
    byte[] bytes = now.get(CHANNEL + channel.name());
    if (bytes == null) {
      throw notFound();
    }
    Channel current = ChannelCodec.decode(channel.name(), bytes);
    if (!current.isSame(channel)) {
      throw notFound();
    }
    if (expectedVersion != null && !expectedVersion.equals(current.version())) {
      throw AwsError.VERSION_MISMATCH.because(
          "CurrentVersion is not the channel's version; describe the channel and try again.");
    }
    return current;
  }

  /** What a client that names no channel is told. */
  public static AwsException notFound() {
    return AwsError.RESOURCE_NOT_FOUND.because("The requested channel is not found or not active.");
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private String newVersion() {
    StringBuilder version = new StringBuilder(VERSION_LENGTH);
    synchronized (random) {
      for (int i = 0; i < VERSION_LENGTH; i++) {
        version.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
      }
    }
    return version.toString();
  }
}
