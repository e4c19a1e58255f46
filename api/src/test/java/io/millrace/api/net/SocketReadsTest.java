package io.millrace.api.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SocketReadsTest {
  private static final int SOCKETS = 3;

  // All sockets, of the server and its clients, share a loop and so a buffer.
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final Map<Integer, ByteArrayOutputStream> received = new ConcurrentHashMap<>();
  private final Map<Integer, SocketReads> reads = new ConcurrentHashMap<>();
  private final AtomicInteger ended = new AtomicInteger();

  @AfterEach
  void close() {
    done(vertx.close());
  }

  private static <T> T done(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private NetServer serve(boolean paused) {
    return done(
        vertx.createNetServer().connectHandler(socket -> connected(socket, paused)).listen(0));
  }

  private void connected(NetSocket socket, boolean paused) {
    int port = socket.remoteAddress().port();
    ByteArrayOutputStream into = new ByteArrayOutputStream();
    received.put(port, into);
    SocketReads taken =
        SocketReads.take(
            socket,
            bytes -> {
              assertThat(Vertx.currentContext()).isNotNull();
              byte[] copy = new byte[bytes.remaining()];
              bytes.get(copy);
              into.writeBytes(copy);
            });
    socket.closeHandler(gone -> ended.incrementAndGet());
    if (paused) {
      taken.pause();
    }
    reads.put(port, taken);
  }

  @Test
  void everyByteComesInOrderAndTheEndAfterThem() {
    NetServer server = serve(false);
    Random random = new Random(4);
    for (int i = 0; i < SOCKETS; i++) {
      byte[] sent = new byte[SharedReceiveBuffer.BYTES * 5 + i];
      random.nextBytes(sent);
      NetSocket client = done(vertx.createNetClient().connect(server.actualPort(), "127.0.0.1"));
      int port = client.localAddress().port();
      done(client.end(Buffer.buffer(sent)));
      await().until(() -> received.get(port).size() == sent.length);
      assertThat(received.get(port).toByteArray()).isEqualTo(sent);
    }
    await().until(() -> ended.get() == SOCKETS);
  }

  @Test
  void socketsOfOneLoopDoNotMix() {
    NetServer server = serve(false);
    List<NetSocket> clients =
        IntStream.range(0, SOCKETS)
            .mapToObj(i -> done(vertx.createNetClient().connect(server.actualPort(), "127.0.0.1")))
            .toList();
    for (int round = 0; round < 200; round++) {
      for (int i = 0; i < SOCKETS; i++) {
        done(clients.get(i).write(Buffer.buffer(new byte[] {(byte) i, (byte) round})));
      }
    }
    for (int i = 0; i < SOCKETS; i++) {
      ByteArrayOutputStream of = received.get(clients.get(i).localAddress().port());
      await().until(() -> of.size() == 400);
      byte[] bytes = of.toByteArray();
      for (int round = 0; round < 200; round++) {
        assertThat(bytes[2 * round]).isEqualTo((byte) i);
        assertThat(bytes[2 * round + 1]).isEqualTo((byte) round);
      }
    }
  }

  @Test
  void nothingIsReadWhilePaused() {
    NetServer server = serve(true);
    NetSocket client = done(vertx.createNetClient().connect(server.actualPort(), "127.0.0.1"));
    int port = client.localAddress().port();
    done(client.write(Buffer.buffer("held back")));
    // An answer on another connection comes after what waits on this one could have.
    NetSocket other = done(vertx.createNetClient().connect(server.actualPort(), "127.0.0.1"));
    done(other.write(Buffer.buffer("x")));
    await().until(() -> reads.containsKey(other.localAddress().port()));
    vertx.runOnContext(go -> reads.get(other.localAddress().port()).resume());
    await().until(() -> received.get(other.localAddress().port()).size() == 1);
    assertThat(received.get(port).size()).isZero();

    vertx.runOnContext(go -> reads.get(port).resume());
    await().until(() -> received.get(port).size() == 9);
  }

  @Test
  void aBufferThatIsHeldIsNotLentAgain() {
    var handle = new SharedReceiveBuffer().newHandle();
    UnpooledByteBufAllocator others = UnpooledByteBufAllocator.DEFAULT;
    ByteBuf first = handle.allocate(others).writeByte(1);
    ByteBuf second = handle.allocate(others).writeByte(2);
    assertThat(second).isNotSameAs(first);
    assertThat(first.getByte(0)).isEqualTo((byte) 1);
    second.release();
    first.release();
    ByteBuf third = handle.allocate(others);
    assertThat(third).isSameAs(first);
    assertThat(third.readableBytes()).isZero();
    assertThat(third.writableBytes()).isEqualTo(SharedReceiveBuffer.BYTES);
    third.release();
  }
}
