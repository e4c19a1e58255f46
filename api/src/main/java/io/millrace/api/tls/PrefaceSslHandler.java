package io.millrace.api.tls;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** TLS of a connection, with an application protocol even where the client negotiated none. */
final class PrefaceSslHandler extends SslHandler {
  private static final String HTTP_2 = "h2";

  private final Duration limit;
  private boolean prefaceSeen;

  PrefaceSslHandler(SSLEngine engine, boolean startTls, Executor delegatedTasks, Duration limit) {
    super(engine, startTls, delegatedTasks);
    this.limit = limit;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) throws Exception {
    super.handlerAdded(context);
    context.pipeline().addAfter(context.name(), null, new PrefaceSniffer(this, limit));
  }

  /** Whether the client named a protocol in the handshake. */
  boolean hasNegotiated() {
    String negotiated = super.applicationProtocol();
    return negotiated != null && !negotiated.isEmpty();
  }

  void prefaceSeen() {
    prefaceSeen = true;
  }

  @Override
  public @Nullable String applicationProtocol() {
    return prefaceSeen ? HTTP_2 : super.applicationProtocol();
  }
}
