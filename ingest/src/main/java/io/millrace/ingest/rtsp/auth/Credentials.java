package io.millrace.ingest.rtsp.auth;

/** A name and a password; neither is ever written to a log. */
public record Credentials(String user, String password) {
  @Override
  public String toString() {
    return "Credentials[hidden]";
  }
}
