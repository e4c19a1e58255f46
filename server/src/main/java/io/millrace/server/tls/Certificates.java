package io.millrace.server.tls;

import io.millrace.api.tls.TlsSettings;
import io.millrace.server.config.HttpsSettings;
import io.millrace.server.config.StartFailure;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The certificate of the TLS listener: the operator's files, or the development authority's. */
public final class Certificates {
  private final HttpsSettings settings;
  private final DevelopmentAuthority authority;
  private final Set<String> hosts;
  private final int port;
  private @Nullable PemFiles shown;

  /**
   * @param folder where a development authority is kept, if one is needed
   * @param publicUrl where clients reach the server, empty if that is not configured
   */
  public Certificates(
      HttpsSettings settings,
      Path folder,
      String publicUrl,
      InstantSource clock,
      RandomGenerator random) {
    this.settings = settings;
    port = settings.port().orElseThrow();
    authority = new DevelopmentAuthority(folder, clock, random);
    hosts = hosts(publicUrl);
  }

  private static Set<String> hosts(String publicUrl) {
    Set<String> hosts = new TreeSet<>(Set.of("localhost", "127.0.0.1", "::1"));
    try {
      hosts.add(InetAddress.getLocalHost().getHostName());
    } catch (UnknownHostException e) {
      // A machine that does not know its own name is reached by the others.
    }
    if (!publicUrl.isEmpty()) {
      hosts.add(URI.create(publicUrl).getHost().replaceAll("[\\[\\]]", ""));
    }
    return hosts;
  }

  /**
   * The listener, with the certificate as it is on disk now.
   *
   * @throws StartFailure if the files cannot be used
   */
  public synchronized TlsSettings listener() {
    shown = read();
    return shown.listener(port);
  }

  /**
   * The listener if the certificate on disk is another one than before.
   *
   * @throws StartFailure if the files cannot be used
   */
  public synchronized Optional<TlsSettings> changed() {
    PemFiles now = read();
    if (shown != null && shown.certificate().equals(now.certificate())) {
      return Optional.empty();
    }
    shown = now;
    return Optional.of(now.listener(port));
  }

  private PemFiles read() {
    Path certificate = settings.certificate();
    Path key = settings.key();
    return certificate == null || key == null
        ? authority.certificateFor(hosts)
        : PemFiles.read(certificate, key);
  }

  /** What clients must trust where no public authority vouches for the server. */
  public Optional<Path> trustFile() {
    return settings.certificate() == null ? Optional.of(authority.trustFile()) : Optional.empty();
  }
}
