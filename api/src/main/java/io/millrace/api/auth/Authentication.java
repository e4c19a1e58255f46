package io.millrace.api.auth;

import io.vertx.core.buffer.Buffer;

/** A request whose head was accepted. */
public interface Authentication {
  /** Whoever works where no credentials are configured. */
  Authentication ANONYMOUS = () -> "anonymous";

  /** Name of the principal, for policies and log lines. */
  String principal();

  /**
   * Checks the body of a JSON operation against what the head promised; signatures without a {@code
   * x-amz-content-sha256} header cover a hash of the body. Streaming bodies are never checked.
   *
   * @param body borrowed
   * @throws io.millrace.api.error.AwsException if it does not match
   */
  default void checkBody(Buffer body) {}
}
