package io.millrace.media.mp4;

import java.util.Arrays;

/** Samples of one track in decoding order, in arrays that grow. Times in ticks of the track. */
final class SampleTable {
  private static final int FIRST_ALLOCATION = 64;

  int size;
  long[] decode = new long[FIRST_ALLOCATION];
  long[] offsets = new long[FIRST_ALLOCATION];
  int[] composition = new int[FIRST_ALLOCATION];
  int[] durations = new int[FIRST_ALLOCATION];

  /** Size in the low 31 bits, the highest bit set for a sync sample. */
  private int[] sizes = new int[FIRST_ALLOCATION];

  void add(
      long decodeTicks, int compositionTicks, int duration, long offset, int bytes, boolean sync) {
    if (size == sizes.length) {
      int grown = size + size / 2;
      decode = Arrays.copyOf(decode, grown);
      offsets = Arrays.copyOf(offsets, grown);
      composition = Arrays.copyOf(composition, grown);
      durations = Arrays.copyOf(durations, grown);
      sizes = Arrays.copyOf(sizes, grown);
    }
    decode[size] = decodeTicks;
    offsets[size] = offset;
    composition[size] = compositionTicks;
    durations[size] = duration;
    sizes[size] = bytes | (sync ? Integer.MIN_VALUE : 0);
    size++;
  }

  int sizeBytes(int i) {
    return sizes[i] & Integer.MAX_VALUE;
  }

  boolean sync(int i) {
    return sizes[i] < 0;
  }
}
