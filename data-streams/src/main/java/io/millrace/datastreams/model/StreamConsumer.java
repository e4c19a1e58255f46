package io.millrace.datastreams.model;

import java.util.Map;
import java.util.Optional;

/**
 * A consumer registered for enhanced fan-out.
 *
 * @param name unique within its stream
 * @param createdMillis server time; its seconds are the last part of the ARN
 * @param tags the owner's labels
 * @param policy resource policy as JSON text
 */
public record StreamConsumer(
    String name, long createdMillis, Map<String, String> tags, Optional<String> policy) {
  public StreamConsumer {
    tags = Map.copyOf(tags);
  }

  public StreamConsumer withTags(Map<String, String> next) {
    return new StreamConsumer(name, createdMillis, next, policy);
  }

  public StreamConsumer withPolicy(Optional<String> next) {
    return new StreamConsumer(name, createdMillis, tags, next);
  }
}
