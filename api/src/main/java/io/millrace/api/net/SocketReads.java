package io.millrace.api.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * What comes on a socket, lent where it lies: Vert.x copies it, and a handler would copy it again
 * to have an array. Belongs to the socket's event loop, as does every call.
 */
public final class SocketReads {
  private final ChannelConfig channel;

  private SocketReads(ChannelConfig channel) {
    this.channel = channel;
  }

  /**
   * Takes over what comes on a socket from now on; its own handler gets nothing more, and {@link
   * NetSocket#pause} has no effect. Its other handlers are told as before.
   *
   * @param taker gets the bytes in order; the buffer is borrowed for the call
   */
  public static SocketReads take(NetSocket socket, Consumer<ByteBuffer> taker) {
    if (!(socket instanceof NetSocketInternal internal)) {
      throw new IllegalArgumentException("not a socket of Vert.x");
    }
    ChannelHandlerContext handler = internal.channelHandlerContext();
    ChannelConfig channel = handler.channel().config();
    channel.setRecvByteBufAllocator(new SharedReceiveBuffer());
    handler.pipeline().addBefore(handler.name(), "reads", new Lender(taker));
    return new SocketReads(channel);
  }

  /** Nothing more is read until {@link #resume}, nor is the end of the connection noticed. */
  public void pause() {
    channel.setAutoRead(false);
  }

  /** Reading goes on. */
  public void resume() {
    channel.setAutoRead(true);
  }

  private static final class Lender extends ChannelInboundHandlerAdapter {
    private final Consumer<ByteBuffer> taker;
    private final ContextInternal context = ContextInternal.current();

    Lender(Consumer<ByteBuffer> taker) {
      this.taker = taker;
    }

    @Override
    public void channelRead(ChannelHandlerContext from, Object message) {
      if (!(message instanceof ByteBuf bytes)) {
        from.fireChannelRead(message);
        return;
      }
      try {
        for (ByteBuffer part : bytes.nioBuffers()) {
          context.dispatch(part, taker::accept);
        }
      } finally {
        ReferenceCountUtil.release(bytes);
      }
    }
  }
}
