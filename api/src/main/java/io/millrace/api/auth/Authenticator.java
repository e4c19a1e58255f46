package io.millrace.api.auth;

import io.vertx.core.Future;

/** Decides from the head of a request, before its body is read, whether it may go on. */
@FunctionalInterface
public interface Authenticator {
  /**
   * Called on the event loop of the request; must not block. A failure with an {@link
   * io.millrace.api.error.AwsException} is told to the client.
   */
  Future<Authentication> authenticate(RequestHead head);

  /** Accepts every request. */
  static Authenticator acceptAll() {
    Future<Authentication> accepted = Future.succeededFuture(Authentication.ANONYMOUS);
    return head -> accepted;
  }
}
