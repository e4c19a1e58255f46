package io.millrace.datastreams.control;

import io.millrace.api.error.AwsError;
import java.util.Locale;
import java.util.Map;

/** What labels an owner may set (Kinesis developer guide, tag restrictions). */
final class TagCheck {
  private TagCheck() {}

  /** Throws INVALID_ARGUMENT or LIMIT_EXCEEDED for a whole set of tags. */
  static void check(Map<String, String> tags, int maxTags) {
    for (String key : tags.keySet()) {
      if (key.toLowerCase(Locale.ROOT).startsWith("aws:")) {
        throw AwsError.INVALID_ARGUMENT.because(
            "Tag keys beginning with aws: are reserved: " + key);
      }
    }
    if (ControlSettings.isOver(tags.size(), maxTags)) {
      throw AwsError.LIMIT_EXCEEDED.because(
          "A resource may have %d tags; this would make %d.".formatted(maxTags, tags.size()));
    }
  }
}
