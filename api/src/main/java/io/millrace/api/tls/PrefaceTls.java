package io.millrace.api.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.DelegatingSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.net.SSLEngineOptions;
import io.vertx.core.spi.tls.SslContextFactory;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;

/**
 * The TLS engine of the JDK, and HTTP/2 for clients that negotiate nothing: where the handshake
 * ends without an application protocol (ALPN, RFC 7301), the first bytes decide, for HTTP/2 begins
 * with a fixed preface (RFC 9113 section 3.4). The AWS SDK for Java does that by default, and so
 * does everything built on its asynchronous clients.
 *
 * <p>It leans on two facts about Vert.x: a connection's handlers are set up when the event of the
 * finished handshake arrives, and by what {@link SslHandler#applicationProtocol} says then.
 */
public final class PrefaceTls extends SSLEngineOptions {
  private final Duration limit;

  /**
   * @param limit how long a client that negotiated nothing may take to send its first bytes
   */
  public PrefaceTls(Duration limit) {
    this.limit = limit;
  }

  @Override
  public SSLEngineOptions copy() {
    return new PrefaceTls(limit);
  }

  @Override
  public SslContextFactory sslContextFactory() {
    return new Factory(new JdkSSLEngineOptions().sslContextFactory(), limit);
  }

  /** The stock factory, whose contexts are wrapped. */
  private record Factory(SslContextFactory stock, Duration limit) implements SslContextFactory {
    @Override
    public SslContextFactory useAlpn(boolean use) {
      return new Factory(stock.useAlpn(use), limit);
    }

    @Override
    public SslContextFactory forServer(ClientAuth auth) {
      return new Factory(stock.forServer(auth), limit);
    }

    @Override
    public SslContextFactory enabledProtocols(Set<String> protocols) {
      return new Factory(stock.enabledProtocols(protocols), limit);
    }

    @Override
    public SslContextFactory keyMananagerFactory(KeyManagerFactory keys) {
      return new Factory(stock.keyMananagerFactory(keys), limit);
    }

    @Override
    public SslContextFactory trustManagerFactory(TrustManagerFactory trust) {
      return new Factory(stock.trustManagerFactory(trust), limit);
    }

    @Override
    public SslContextFactory enabledCipherSuites(Set<String> suites) {
      return new Factory(stock.enabledCipherSuites(suites), limit);
    }

    @Override
    public SslContextFactory applicationProtocols(List<String> protocols) {
      return new Factory(stock.applicationProtocols(protocols), limit);
    }

    @Override
    public SslContext create() throws SSLException {
      return new Context(stock.create(), limit);
    }
  }

  /** The stock context, whose engines get a handler of ours. */
  private static final class Context extends DelegatingSslContext {
    private final SslContext stock;
    private final Duration limit;

    Context(SslContext stock, Duration limit) {
      super(stock);
      this.stock = stock;
      this.limit = limit;
    }

    @Override
    protected SslHandler newHandler(
        ByteBufAllocator allocator, boolean startTls, Executor delegatedTasks) {
      SSLEngine engine = stock.newHandler(allocator, delegatedTasks).engine();
      return new PrefaceSslHandler(engine, startTls, delegatedTasks, limit);
    }

    @Override
    protected SslHandler newHandler(
        ByteBufAllocator allocator,
        String peerHost,
        int peerPort,
        boolean startTls,
        Executor delegatedTasks) {
      SSLEngine engine = stock.newHandler(allocator, peerHost, peerPort, delegatedTasks).engine();
      return new PrefaceSslHandler(engine, startTls, delegatedTasks, limit);
    }

    @Override
    protected void initEngine(SSLEngine engine) {}
  }
}
