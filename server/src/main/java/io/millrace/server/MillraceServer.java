package io.millrace.server;

import io.millrace.server.config.Settings;
import io.millrace.server.config.StartFailure;
import java.nio.file.Path;
import java.util.Optional;

/** A running server. */
public final class MillraceServer implements AutoCloseable {
  private final Wiring wiring;

  private MillraceServer(Wiring wiring) {
    this.wiring = wiring;
  }

  /**
   * Starts everything and returns when requests are served.
   *
   * @throws StartFailure when the port is taken or the data folder cannot be used
   */
  public static MillraceServer start(Settings settings) {
    return new MillraceServer(Wiring.connect(settings));
  }

  /** Where this machine reaches the server, no trailing slash. */
  public String localUrl() {
    return wiring.localUrl();
  }

  /** Where clients reach the server, no trailing slash. */
  public String publicUrl() {
    return wiring.publicUrl();
  }

  /** Where this machine reaches the server over TLS, if it listens for that; no trailing slash. */
  public Optional<String> localTlsUrl() {
    return wiring.localTlsUrl();
  }

  /** Where this machine reaches the RTSP listener, if there is one; no trailing slash. */
  public Optional<String> localRtspUrl() {
    return wiring.localRtspUrl();
  }

  /** Certificate that clients must trust, where a development authority vouches for the server. */
  public Optional<Path> trustFile() {
    return wiring.trustFile();
  }

  /** Folder into which native libraries are unpacked once. */
  public Path nativeCache() {
    return wiring.nativeCache();
  }

  /** Closes something more, first, when the server closes. */
  public void alsoClose(AutoCloseable extra) {
    wiring.onClose("extra", extra);
  }

  /** Takes no more work, lets what runs end within the grace time, makes everything durable. */
  @Override
  public void close() {
    wiring.close();
  }
}
