package io.millrace.ingest.fragmenter;

import io.millrace.media.mkv.MkvMuxer;
import io.millrace.media.mkv.SimpleTag;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Tags waiting to be filed: with the fragment that an end-of-fragment tag closes, or else with the
 * one that the next Cluster begins. Names and numbers are checked as they come.
 */
final class HeldTags {
  /** Tags the service writes itself when it hands fragments out; never stored. */
  private static final Set<String> WRITTEN_BY_SERVICE =
      Set.of(
          SimpleTag.END_OF_FRAGMENT,
          "AWS_KINESISVIDEO_FRAGMENT_NUMBER",
          "AWS_KINESISVIDEO_SERVER_TIMESTAMP",
          "AWS_KINESISVIDEO_PRODUCER_TIMESTAMP",
          "AWS_KINESISVIDEO_MILLIS_BEHIND_NOW",
          "AWS_KINESISVIDEO_CONTINUATION_TOKEN");

  /** Tags with a meaning that a producer may set. */
  private static final Set<String> EVENTS =
      Set.of(
          "AWS_KINESISVIDEO_NOTIFICATION",
          "AWS_KINESISVIDEO_IMAGE_GENERATION",
          "AWS_KINESISVIDEO_IMAGE_PREFIX");

  private final FragmenterSettings settings;
  private final ByteArrayOutputStream elements = new ByteArrayOutputStream(0);
  private int count;

  HeldTags(FragmenterSettings settings) {
    this.settings = settings;
  }

  /**
   * Holds one Tags element.
   *
   * @throws FragmentRefused FRAGMENT_METADATA_LIMIT_REACHED
   */
  void add(byte[] element, List<SimpleTag> tags) {
    List<SimpleTag> kept =
        tags.stream()
            .filter(tag -> !WRITTEN_BY_SERVICE.contains(tag.name()))
            .collect(Collectors.toList());
    kept.forEach(this::check);
    if (count + kept.size() > settings.maxTags()) {
      throw refused("more than " + settings.maxTags() + " tags in one fragment");
    }
    count += kept.size();
    if (kept.size() == tags.size()) {
      elements.writeBytes(element);
    } else if (!kept.isEmpty()) {
      ByteBuffer rest = MkvMuxer.tags(kept);
      elements.write(rest.array(), rest.arrayOffset(), rest.remaining());
    }
  }

  private void check(SimpleTag tag) {
    int nameBytes = tag.name().getBytes(StandardCharsets.UTF_8).length;
    if (nameBytes > settings.maxTagNameBytes()) {
      throw refused(
          "a tag name of %d bytes, the limit is %d"
              .formatted(nameBytes, settings.maxTagNameBytes()));
    }
    int valueBytes = tag.value().getBytes(StandardCharsets.UTF_8).length;
    if (valueBytes > settings.maxTagValueBytes()) {
      throw refused(
          "the value of tag '%s' has %d bytes, the limit is %d"
              .formatted(tag.name(), valueBytes, settings.maxTagValueBytes()));
    }
    if (tag.name().startsWith("AWS") && !EVENTS.contains(tag.name())) {
      throw refused("tag names that begin with AWS are reserved: '" + tag.name() + "'");
    }
  }

  private static FragmentRefused refused(String what) {
    return new FragmentRefused(IngestError.FRAGMENT_METADATA_LIMIT_REACHED, what);
  }

  /** The held elements; holds none afterwards. */
  byte[] take() {
    byte[] all = elements.toByteArray();
    elements.reset();
    count = 0;
    return all;
  }
}
