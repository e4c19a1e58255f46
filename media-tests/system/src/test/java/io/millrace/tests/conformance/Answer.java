package io.millrace.tests.conformance;

import com.fasterxml.jackson.databind.JsonNode;

/** What a client told its caller about one call. */
public sealed interface Answer {
  /**
   * The call succeeded.
   *
   * @param out the answer in the names of the API; blobs as base64, times as epoch seconds, what
   *     the server did not send is absent
   */
  record Success(JsonNode out) implements Answer {}

  /**
   * The client raised the service's error.
   *
   * @param error name of the error, as the client tells it
   */
  record Refusal(String error, String message) implements Answer {}

  /** This version of the client cannot make the call. */
  record Unknown(String why) implements Answer {}
}
