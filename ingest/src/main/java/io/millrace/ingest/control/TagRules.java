package io.millrace.ingest.control;

import io.millrace.api.error.AwsError;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What may be done to the tags of a resource, whatever resource it is. */
public final class TagRules {
  /** Most tags of one resource. */
  public static final int MAX_TAGS = 50;

  private TagRules() {}

  /**
   * The tags with some added; those of a key that is there already are replaced.
   *
   * @throws io.millrace.api.error.AwsException TAGS_PER_RESOURCE_EXCEEDED_LIMIT
   */
  public static Map<String, String> added(Map<String, String> now, Map<String, String> more) {
    Map<String, String> tags = new HashMap<>(now);
    tags.putAll(more);
    if (tags.size() > MAX_TAGS) {
      throw AwsError.TAGS_PER_RESOURCE_EXCEEDED_LIMIT.because(
          "A resource has at most %d tags".formatted(MAX_TAGS));
    }
    return tags;
  }

  /** The tags without those of some keys, of which some may be unknown. */
  public static Map<String, String> removed(Map<String, String> now, Collection<String> keys) {
    Map<String, String> tags = new HashMap<>(now);
    keys.forEach(tags::remove);
    return tags;
  }

  /**
   * All tags of a resource fit one page, so no token for a further one was ever given out.
   *
   * @throws io.millrace.api.error.AwsException INVALID_ARGUMENT if there is one
   */
  public static void refuseToken(@Nullable String nextToken) {
    if (nextToken != null && !nextToken.isEmpty()) {
      throw AwsError.INVALID_ARGUMENT.because("NextToken is not one this call gave out");
    }
  }
}
