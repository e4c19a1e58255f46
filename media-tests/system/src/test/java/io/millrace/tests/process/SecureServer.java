package io.millrace.tests.process;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A server that listens with and without TLS; its certificate is of its own making.
 *
 * @param https base address over TLS, no trailing slash
 */
public record SecureServer(ServerProcess server, URI https) implements AutoCloseable {
  /** Starts {@code serve} on free ports and waits until it is ready. */
  public static SecureServer start(Path data, List<String> options) {
    int port = ServerProcess.freePort();
    List<String> all = new ArrayList<>(options);
    all.addAll(List.of("--https-port", Integer.toString(port)));
    return new SecureServer(
        ServerProcess.start(data, all.toArray(String[]::new)),
        URI.create("https://127.0.0.1:" + port));
  }

  /** Base address without TLS, no trailing slash. */
  public URI http() {
    return server.endpoint();
  }

  @Override
  public void close() {
    server.close();
  }
}
