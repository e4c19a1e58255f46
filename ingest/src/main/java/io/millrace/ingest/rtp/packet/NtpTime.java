package io.millrace.ingest.rtp.packet;

/** NTP timestamps of 64 bits: seconds since 1900 and 2^-32 seconds (RFC 5905 section 6). */
public final class NtpTime {
  private static final long EPOCH_SECONDS = 2_208_988_800L;
  private static final long SECOND_NANOS = 1_000_000_000L;

  /** Seconds below this belong to the era that begins in 2036. */
  private static final long NEXT_ERA = 0x8000_0000L;

  private NtpTime() {}

  /** Epoch nanoseconds of an NTP timestamp; those with the highest bit clear are after 2036. */
  public static long toEpochNanos(long ntp) {
    long seconds = ntp >>> 32;
    if (seconds < NEXT_ERA) {
      seconds += 1L << 32;
    }
    long nanos = ((ntp & 0xffff_ffffL) * SECOND_NANOS + (1L << 31)) >>> 32;
    return (seconds - EPOCH_SECONDS) * SECOND_NANOS + nanos;
  }

  /** NTP timestamp of epoch nanoseconds. */
  public static long ofEpochNanos(long epochNanos) {
    long seconds = Math.floorDiv(epochNanos, SECOND_NANOS) + EPOCH_SECONDS;
    long nanos = Math.floorMod(epochNanos, SECOND_NANOS);
    return (seconds << 32) | ((nanos << 32) / SECOND_NANOS);
  }
}
