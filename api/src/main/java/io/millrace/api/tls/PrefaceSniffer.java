package io.millrace.api.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stands behind the TLS handler until it is known what the client speaks: holds back the event of
 * the finished handshake while the first bytes could still be the HTTP/2 preface. Where a protocol
 * was negotiated it steps aside at once.
 */
final class PrefaceSniffer extends ChannelInboundHandlerAdapter {
  private static final ByteBuf PREFACE =
      Unpooled.unreleasableBuffer(
          Unpooled.copiedBuffer("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", StandardCharsets.US_ASCII)
              .asReadOnly());
  private static final int PREFACE_BYTES = PREFACE.readableBytes();

  private final PrefaceSslHandler tls;
  private final Duration limit;
  private @Nullable Object heldEvent;
  private @Nullable ByteBuf held;
  private @Nullable ScheduledFuture<?> timer;

  PrefaceSniffer(PrefaceSslHandler tls, Duration limit) {
    this.tls = tls;
    this.limit = limit;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (!(event instanceof SslHandshakeCompletionEvent handshake)) {
      context.fireUserEventTriggered(event);
    } else if (!handshake.isSuccess() || tls.hasNegotiated()) {
      context.fireUserEventTriggered(event);
      context.pipeline().remove(this);
    } else {
      heldEvent = event;
      timer =
          context
              .executor()
              .schedule(() -> giveUp(context), limit.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private static void giveUp(ChannelHandlerContext context) {
    ChannelFuture unused = context.close();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (heldEvent == null || !(message instanceof ByteBuf piece)) {
      context.fireChannelRead(message);
      return;
    }
    held = held == null ? piece : Unpooled.wrappedBuffer(held, piece);
    int compared = Math.min(held.readableBytes(), PREFACE_BYTES);
    boolean same =
        ByteBufUtil.equals(held, held.readerIndex(), PREFACE, PREFACE.readerIndex(), compared);
    if (same && compared == PREFACE_BYTES) {
      tls.prefaceSeen();
      release(context);
    } else if (!same) {
      release(context);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    context.fireChannelReadComplete();
    if (heldEvent != null && !context.channel().config().isAutoRead()) {
      context.read();
    }
  }

  private void release(ChannelHandlerContext context) {
    Object event = heldEvent;
    ByteBuf bytes = held;
    heldEvent = null;
    held = null;
    cancelTimer();
    if (event != null) {
      context.fireUserEventTriggered(event);
    }
    if (bytes != null) {
      context.fireChannelRead(bytes);
    }
    if (!context.isRemoved()) {
      context.pipeline().remove(this);
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    cancelTimer();
    ByteBuf bytes = held;
    held = null;
    if (bytes != null) {
      bytes.release();
    }
  }

  private void cancelTimer() {
    ScheduledFuture<?> running = timer;
    timer = null;
    if (running != null) {
      running.cancel(false);
    }
  }
}
