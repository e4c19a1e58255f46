package io.millrace.playback.hls;

import io.millrace.api.error.AwsError;
import io.millrace.store.fragment.FragmentEntry;
import java.util.ArrayList;
import java.util.List;

/**
 * The decoder setups a session went through, in the order met; their places are the sequence
 * numbers of init segments. Not thread-safe.
 */
final class SessionFormats {
  private final int limit;
  private final List<FragmentEntry> examples = new ArrayList<>();

  SessionFormats(int limit) {
    this.limit = limit;
  }

  /**
   * The place of a fragment's format.
   *
   * @throws io.millrace.api.error.AwsException INVALID_CODEC_PRIVATE_DATA beyond the limit
   */
  int placeOf(FragmentEntry entry) {
    for (int i = examples.size() - 1; i >= 0; i--) {
      if (examples.get(i).formatId() == entry.formatId()) {
        return i;
      }
    }
    if (examples.size() >= limit) {
      throw AwsError.INVALID_CODEC_PRIVATE_DATA.because(
          "The codec private data changed more than %d times in this session".formatted(limit));
    }
    examples.add(entry);
    return examples.size() - 1;
  }

  /**
   * A fragment of the format at a place.
   *
   * @throws io.millrace.api.error.AwsException RESOURCE_NOT_FOUND when there is none
   */
  FragmentEntry example(int place) {
    if (place < 0 || place >= examples.size()) {
      throw AwsError.RESOURCE_NOT_FOUND.because(
          "This session has no init fragment with SequenceNumber " + place);
    }
    return examples.get(place);
  }
}
