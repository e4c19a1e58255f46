package io.millrace.api.net;

import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;

/** Closes connections whose peers do not read. */
public final class AbruptClose {
  private AbruptClose() {}

  /**
   * Closes a socket and drops what is queued. {@link NetSocket#close} waits until the peer has read
   * that, which may be never.
   *
   * @param socket used on its own event loop
   */
  public static void of(NetSocket socket) {
    if (socket instanceof NetSocketInternal internal) {
      var unused = internal.channelHandlerContext().close();
    } else {
      var unused = socket.close();
    }
  }
}
