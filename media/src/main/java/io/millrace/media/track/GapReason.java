package io.millrace.media.track;

import java.util.Locale;
import java.util.Optional;

/** Why a stretch of a stream is missing. Codes are kept in the store and never change. */
public enum GapReason {
  /** Nobody was sending: the source ended, or there was none. */
  NO_PRODUCER(1),
  /** The connection to the source broke or fell silent. */
  CONNECTION_LOST(2),
  /** Packets never came. */
  PACKET_LOSS(3),
  /** What came could not be read: broken payloads, no parameter sets, no keyframe. */
  DECODE_TROUBLE(4),
  /** It came and could not be stored. */
  DISK_ERROR(5),
  /** It was stored, and retention has dropped it since. */
  RETENTION(6),
  /** The source's clock was set to another time; nothing may be missing. */
  CLOCK_JUMP(7),
  /** The server stopped. */
  SERVER_STOPPED(8);

  /** Added to a code in the store when only some tracks are concerned. */
  public static final int PARTIAL = 1 << 8;

  private final int code;

  GapReason(int code) {
    this.code = code;
  }

  /** What the store keeps. */
  public int code() {
    return code;
  }

  /** The reason with a code; empty for one of a later version. */
  public static Optional<GapReason> of(int code) {
    for (GapReason reason : values()) {
      if (reason.code == code) {
        return Optional.of(reason);
      }
    }
    return Optional.empty();
  }

  /** Name in answers: {@code packet-loss}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
