package io.millrace.media.h265;

import io.millrace.media.bits.BitReader;
import io.millrace.media.track.MalformedMedia;

/** Steps over the short-term reference picture sets of an SPS (H.265 section 7.3.7). */
final class RefPicSets {
  private static final int MAX_SETS = 64;
  private static final int MAX_PICTURES = 16;

  private RefPicSets() {}

  static void skip(BitReader in) throws MalformedMedia {
    int sets = in.ue(MAX_SETS, "num_short_term_ref_pic_sets");
    int[] pictures = new int[sets];
    for (int i = 0; i < sets; i++) {
      pictures[i] = i > 0 && in.flag() ? predicted(in, pictures[i - 1]) : listed(in);
    }
  }

  private static int predicted(BitReader in, int reference) throws MalformedMedia {
    in.skip(1);
    in.ue();
    int pictures = 0;
    for (int j = 0; j <= reference; j++) {
      boolean used = in.flag();
      if (used || in.flag()) {
        pictures++;
      }
    }
    if (pictures > MAX_PICTURES) {
      throw in.malformed("has a reference set of " + pictures + " pictures");
    }
    return pictures;
  }

  private static int listed(BitReader in) throws MalformedMedia {
    int pictures =
        in.ue(MAX_PICTURES, "num_negative_pics") + in.ue(MAX_PICTURES, "num_positive_pics");
    if (pictures > MAX_PICTURES) {
      throw in.malformed("has a reference set of " + pictures + " pictures");
    }
    for (int i = 0; i < pictures; i++) {
      in.ue();
      in.skip(1);
    }
    return pictures;
  }
}
