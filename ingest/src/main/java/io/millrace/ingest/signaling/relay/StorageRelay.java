package io.millrace.ingest.signaling.relay;

import io.millrace.ingest.signaling.channel.Channel;
import org.jspecify.annotations.Nullable;

/**
 * What takes the messages of clients while the media of their channel are stored: they talk to the
 * server then and not to each other. Called on any event loop; must not block.
 */
public interface StorageRelay {
  /**
   * A client's message.
   *
   * @param client null for the master
   * @param payload in base64
   * @return why it is of no use, null if it is
   */
  @Nullable String message(
      Channel channel, @Nullable String client, MessageType type, String payload);
}
