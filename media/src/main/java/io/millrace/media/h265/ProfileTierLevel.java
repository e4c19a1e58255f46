package io.millrace.media.h265;

import io.millrace.media.bits.BitReader;
import io.millrace.media.track.MalformedMedia;
import java.util.Locale;

/**
 * General profile, tier and level of H.265 (section 7.3.3).
 *
 * @param profileSpace 0 to 3
 * @param highTier tier flag
 * @param profileIdc general_profile_idc
 * @param compatibilityFlags 32 bits, flag 0 in the most significant
 * @param constraintFlags 48 bits
 * @param levelIdc thirty times the level
 */
public record ProfileTierLevel(
    int profileSpace,
    boolean highTier,
    int profileIdc,
    int compatibilityFlags,
    long constraintFlags,
    int levelIdc) {

  static ProfileTierLevel read(BitReader in, int maxSubLayersMinus1) throws MalformedMedia {
    int space = in.small(2);
    boolean tier = in.flag();
    int profile = in.small(5);
    int compatibility = (int) in.bits(32);
    long constraints = in.bits(24) << 24 | in.bits(24);
    int level = in.small(8);
    boolean[] profilePresent = new boolean[maxSubLayersMinus1];
    boolean[] levelPresent = new boolean[maxSubLayersMinus1];
    for (int i = 0; i < maxSubLayersMinus1; i++) {
      profilePresent[i] = in.flag();
      levelPresent[i] = in.flag();
    }
    if (maxSubLayersMinus1 > 0) {
      in.skip(2 * (8 - maxSubLayersMinus1));
    }
    for (int i = 0; i < maxSubLayersMinus1; i++) {
      in.skip((profilePresent[i] ? 88 : 0) + (levelPresent[i] ? 8 : 0));
    }
    return new ProfileTierLevel(space, tier, profile, compatibility, constraints, level);
  }

  /**
   * Codec string of ISO 14496-15 annex E, such as {@code hvc1.1.6.L93.b0}.
   *
   * @param sampleEntry {@code hvc1} or {@code hev1}
   */
  public String codecString(String sampleEntry) {
    StringBuilder text = new StringBuilder(sampleEntry).append('.');
    if (profileSpace > 0) {
      text.append((char) ('A' + profileSpace - 1));
    }
    text.append(profileIdc)
        .append('.')
        .append(Integer.toHexString(Integer.reverse(compatibilityFlags)).toUpperCase(Locale.ROOT))
        .append(highTier ? ".H" : ".L")
        .append(levelIdc);
    long rest = constraintFlags;
    for (int shift = 40; rest != 0; shift -= 8) {
      text.append('.').append(Long.toHexString(rest >>> shift & 0xff).toUpperCase(Locale.ROOT));
      rest &= (1L << shift) - 1;
    }
    return text.toString();
  }
}
