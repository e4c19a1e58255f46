package io.millrace.ingest.source;

import java.util.Optional;

/**
 * A camera, or something like one, that the server pulls into a stream.
 *
 * @param name of the source, {@code [a-zA-Z0-9_.-]{1,256}}
 * @param url where it is, without credentials
 * @param username to sign in with
 * @param password to sign in with; never logged, never answered, encrypted where it is stored
 * @param stream that its frames go to
 * @param transport how media comes
 * @param enabled whether it is pulled
 */
public record Source(
    String name,
    String url,
    Optional<String> username,
    Optional<String> password,
    String stream,
    Transport transport,
    boolean enabled) {

  /** How RTP comes from an RTSP source. */
  public enum Transport {
    /** TCP, and UDP where the camera refuses that. */
    AUTO,
    TCP,
    UDP
  }

  /** The same, pulled or not. */
  public Source withEnabled(boolean pulled) {
    return new Source(name, url, username, password, stream, transport, pulled);
  }

  /** Without the password: sources end up in logs and error texts. */
  @Override
  public String toString() {
    return "Source[%s %s -> %s]".formatted(name, url, stream);
  }
}
