package io.millrace.playback.sound;

import io.millrace.playback.frame.DecoderMetrics;
import io.millrace.playback.frame.WorkerTask;
import io.millrace.playback.frame.worker.PipeReader;
import io.millrace.playback.frame.worker.PipeWriter;
import io.millrace.playback.frame.worker.WorkerProtocol;
import io.millrace.playback.sound.FragmentSound.Piece;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes frames onto their samples and encodes a stretch of these.
 *
 * @param source what the frames are
 * @param startSample where the stretch begins; a multiple of 1,024
 * @param blocks its length in blocks of 1,024 samples; what no frame covers is silent
 * @param frames in the order of their samples
 */
record SoundTask(SoundSource source, long startSample, int blocks, List<Piece> frames)
    implements WorkerTask<List<AacFrame>> {
  @Override
  public @Nullable String refusal() {
    for (Piece piece : frames) {
      if (piece.data().remaining() > WorkerProtocol.MAX_UNIT_BYTES) {
        return "a frame of " + piece.data().remaining() + " bytes";
      }
    }
    return null;
  }

  @Override
  public void write(PipeWriter out) throws IOException {
    out.writeInt(WorkerProtocol.SOUND).writeText(source.codec().name());
    out.writeInt(source.samplingHz()).writeByte(source.channels());
    out.writeInt(source.bitsPerSecond()).writeInt(blocks).writeInt(frames.size());
    for (Piece piece : frames) {
      out.writeLong(piece.sample() - startSample).writeBytes(piece.data());
    }
  }

  @Override
  public List<AacFrame> read(PipeReader in) throws IOException {
    int count = in.readSize(WorkerProtocol.MAX_UNITS, "frames of sound");
    List<AacFrame> encoded = new ArrayList<>(Math.min(count, 4096));
    for (int i = 0; i < count; i++) {
      long sample = startSample + in.readLong();
      ByteBuffer data =
          ByteBuffer.allocate(in.readSize(WorkerProtocol.MAX_SOUND_FRAME_BYTES, "frame of sound"));
      in.readFully(data);
      encoded.add(new AacFrame(sample, data.flip().asReadOnlyBuffer()));
    }
    return encoded;
  }

  @Override
  public void count(List<AacFrame> answer, DecoderMetrics metrics) {
    metrics.soundFrames.add(answer.size());
  }
}
