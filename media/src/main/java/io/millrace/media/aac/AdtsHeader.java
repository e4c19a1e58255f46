package io.millrace.media.aac;

import io.millrace.media.track.CodecPrivateData;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Header that some producers leave before each AAC frame (ISO 14496-3 annex 1.A).
 *
 * @param headerBytes 7, or 9 with a checksum
 * @param config AudioSpecificConfig with the same meaning
 */
public record AdtsHeader(int headerBytes, CodecPrivateData config) {

  /** The header at the start of a frame whose length it tells right; empty otherwise. */
  public static Optional<AdtsHeader> find(ByteBuffer frame) {
    int p = frame.position();
    if (frame.remaining() < 7
        || (frame.get(p) & 0xff) != 0xff
        || (frame.get(p + 1) & 0xf6) != 0xf0) {
      return Optional.empty();
    }
    int length =
        (frame.get(p + 3) & 3) << 11
            | (frame.get(p + 4) & 0xff) << 3
            | (frame.get(p + 5) & 0xff) >> 5;
    int frequency = frame.get(p + 2) >> 2 & 0xf;
    if (length != frame.remaining() || frequency > 12) {
      return Optional.empty();
    }
    int type = (frame.get(p + 2) >> 6 & 3) + 1;
    int channels = (frame.get(p + 2) & 1) << 2 | (frame.get(p + 3) >> 6 & 3);
    int bits = type << 11 | frequency << 7 | channels << 3;
    boolean checksum = (frame.get(p + 1) & 1) == 0;
    return Optional.of(
        new AdtsHeader(
            checksum ? 9 : 7,
            CodecPrivateData.copyOf(new byte[] {(byte) (bits >> 8), (byte) bits})));
  }
}
