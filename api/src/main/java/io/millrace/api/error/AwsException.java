package io.millrace.api.error;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a client is told instead of an answer: an error of the table and a message it may read. */
public final class AwsException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final AwsError error;
  private final transient Map<String, Object> members;

  public AwsException(AwsError error, String message) {
    this(error, message, null);
  }

  /**
   * @param cause kept for the log, never shown to the client
   */
  public AwsException(AwsError error, String message, @Nullable Throwable cause) {
    this(error, message, cause, Map.of());
  }

  private AwsException(
      AwsError error, String message, @Nullable Throwable cause, Map<String, Object> members) {
    super(message, cause, true, cause != null || !error.isClientFault());
    this.error = error;
    this.members = members;
  }

  /**
   * The same with one more member in its body, such as {@code CancellationReasons}.
   *
   * @param value what a member of an answer may be: a scalar, a list, a map or a structure of the
   *     SDK
   */
  public AwsException with(String member, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(members);
    more.put(member, value);
    return new AwsException(error, clientMessage(), getCause(), Collections.unmodifiableMap(more));
  }

  public AwsError error() {
    return error;
  }

  /** The text sent as the message. */
  public String clientMessage() {
    String message = getMessage();
    return message == null ? "" : message;
  }

  /** Members of the body beside type and message, in the order they were given. */
  public Map<String, Object> members() {
    return members;
  }
}
