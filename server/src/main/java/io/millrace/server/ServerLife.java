package io.millrace.server;

import io.millrace.server.config.Settings;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** A server in the foreground: the ready line, then work, then a graceful end on SIGTERM. */
final class ServerLife {
  private ServerLife() {}

  /**
   * Starts a server and returns after it was told to stop and has stopped.
   *
   * @param onReady called after the ready line was printed
   */
  static void run(Settings settings, Consumer<MillraceServer> onReady) throws InterruptedException {
    MillraceServer server = MillraceServer.start(settings);
    CountDownLatch stopped = new CountDownLatch(1);
    // The JVM ends when its hooks do; a plain exit status then needs halt, since the status of a
    // signal's end is the signal's.
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("shutdown")
                .unstarted(
                    () -> {
                      server.close();
                      stopped.countDown();
                      Runtime.getRuntime().halt(0);
                    }));
    server
        .localTlsUrl()
        .ifPresent(
            url ->
                System.out.println(
                    "millrace https "
                        + url
                        + server.trustFile().map(file -> " trust " + file).orElse("")));
    server.localRtspUrl().ifPresent(url -> System.out.println("millrace rtsp " + url));
    System.out.println("millrace ready " + server.localUrl());
    System.out.flush();
    onReady.accept(server);
    stopped.await();
  }
}
