package io.millrace.media.mp4;

import io.millrace.media.aac.AdtsHeader;
import io.millrace.media.bits.NalUnits;
import io.millrace.media.codec.Framing;
import java.nio.ByteBuffer;
import java.util.List;

/** Turns stored frames into the bytes an MP4 sample holds, as slices where possible. */
final class SamplePayload {
  private SamplePayload() {}

  /**
   * Appends the bytes of one frame to {@code slices}.
   *
   * @return how many bytes
   */
  static int append(List<ByteBuffer> slices, ByteBuffer data, Framing framing) {
    return switch (framing) {
      case NATIVE -> slice(slices, data);
      case ADTS -> {
        int header = AdtsHeader.find(data).map(AdtsHeader::headerBytes).orElse(0);
        yield slice(slices, data.slice(data.position() + header, data.remaining() - header));
      }
      case ANNEX_B -> {
        // One camera may mix: a frame that is a clean row of lengths is taken as it is.
        if (!NalUnits.isAnnexB(data)) {
          yield slice(slices, data);
        }
        int size = 0;
        for (ByteBuffer unit : NalUnits.splitAnnexB(data)) {
          slices.add(ByteBuffer.allocate(NalUnits.LENGTH_BYTES).putInt(0, unit.remaining()));
          slices.add(unit);
          size += NalUnits.LENGTH_BYTES + unit.remaining();
        }
        yield size;
      }
    };
  }

  private static int slice(List<ByteBuffer> slices, ByteBuffer data) {
    slices.add(data);
    return data.remaining();
  }
}
