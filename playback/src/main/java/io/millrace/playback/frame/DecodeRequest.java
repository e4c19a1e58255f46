package io.millrace.playback.frame;

import io.millrace.media.track.CodecPrivateData;
import io.millrace.playback.frame.worker.PipeReader;
import io.millrace.playback.frame.worker.PipeWriter;
import io.millrace.playback.frame.worker.WorkerProtocol;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pictures wanted out of one run of access units; they are answered in the order of these.
 *
 * @param codecId Matroska CodecID
 * @param codecPrivate decoder setup
 * @param units in file (decoding) order, from a keyframe up to the last wanted one
 * @param format how the pictures are encoded
 */
public record DecodeRequest(
    String codecId, CodecPrivateData codecPrivate, List<AccessUnit> units, PictureFormat format)
    implements WorkerTask<List<Picture>> {
  public DecodeRequest {
    units = List.copyOf(units);
  }

  @Override
  public @Nullable String refusal() {
    if (units.size() > WorkerProtocol.MAX_UNITS) {
      return "more than " + WorkerProtocol.MAX_UNITS + " frames before the picture";
    }
    if (codecPrivate.size() > WorkerProtocol.MAX_PRIVATE_BYTES) {
      return "codec private data of " + codecPrivate.size() + " bytes";
    }
    for (AccessUnit unit : units) {
      if (unit.data().remaining() > WorkerProtocol.MAX_UNIT_BYTES) {
        return "a frame of " + unit.data().remaining() + " bytes";
      }
    }
    return null;
  }

  @Override
  public void write(PipeWriter out) throws IOException {
    out.writeInt(WorkerProtocol.JOB).writeText(codecId);
    out.writeBytes(codecPrivate.view());
    out.writeByte(format.encoding() == PictureFormat.Encoding.PNG ? 1 : 0);
    out.writeInt(format.quality()).writeInt(format.width()).writeInt(format.height());
    out.writeInt(units.size());
    for (AccessUnit unit : units) {
      out.writeLong(unit.ptsNanos()).writeByte(unit.wanted() ? 1 : 0).writeBytes(unit.data());
    }
  }

  @Override
  public List<Picture> read(PipeReader in) throws IOException {
    int count = in.readSize(WorkerProtocol.MAX_UNITS, "pictures");
    List<Picture> pictures = new ArrayList<>(Math.min(count, 128));
    for (int i = 0; i < count; i++) {
      pictures.add(picture(in));
    }
    return pictures;
  }

  @Override
  public void count(List<Picture> answer, DecoderMetrics metrics) {
    metrics.pictures.add(answer.stream().filter(Picture.Encoded.class::isInstance).count());
  }

  private static Picture picture(PipeReader in) throws IOException {
    long ptsNanos = in.readLong();
    int width = in.readInt();
    int height = in.readInt();
    if (width == 0) {
      return new Picture.Failed(ptsNanos, in.readText());
    }
    ByteBuffer data = ByteBuffer.allocate(in.readSize(WorkerProtocol.MAX_REPLY_BYTES, "picture"));
    in.readFully(data);
    return new Picture.Encoded(ptsNanos, width, height, data.flip().asReadOnlyBuffer());
  }
}
