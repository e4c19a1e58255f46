package io.millrace.api.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * Lets all sockets of an event loop receive into one buffer. Where somebody still holds what it was
 * last lent for, such as a TLS handler half a record, the next read gets one of its own.
 */
final class SharedReceiveBuffer extends DefaultMaxMessagesRecvByteBufAllocator {
  static final int BYTES = 64 << 10;

  private static final FastThreadLocal<ByteBuf> OF_LOOP =
      new FastThreadLocal<>() {
        @Override
        protected ByteBuf initialValue() {
          return Unpooled.directBuffer(BYTES, BYTES);
        }

        @Override
        protected void onRemoval(ByteBuf buffer) {
          buffer.release();
        }
      };

  @Override
  public MaxMessageHandle newHandle() {
    return new MaxMessageHandle() {
      @Override
      public int guess() {
        return BYTES;
      }

      @Override
      public ByteBuf allocate(ByteBufAllocator others) {
        ByteBuf shared = OF_LOOP.get();
        return shared.refCnt() == 1 ? shared.clear().retain() : super.allocate(others);
      }
    };
  }
}
