package io.millrace.ingest.source.worker;

import io.millrace.media.track.CodecPrivateData;
import io.millrace.media.track.Track;
import io.millrace.media.track.Track.AudioFormat;
import io.millrace.media.track.Track.TrackType;
import io.millrace.media.track.Track.VideoFormat;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Optional;

/**
 * A track on a worker's pipe.
 *
 * <pre>
 * u8(number) u8(1 video | 0 sound) text(codec id) i32(size) codec private data
 * i32(width) i32(height) | f64(sampling Hz) i32(channels) i32(bits of a sample)
 * </pre>
 */
final class TrackCodec {
  private static final int MAX_SETUP_BYTES = 1 << 20;

  private TrackCodec() {}

  static void write(DataOutputStream out, Track track) throws IOException {
    out.writeByte(track.number());
    out.writeBoolean(track.type() == TrackType.VIDEO);
    WorkerMessages.writeText(out, track.codecId());
    out.writeInt(track.codecPrivate().size());
    out.write(track.codecPrivate().toByteArray());
    if (track.type() == TrackType.VIDEO) {
      VideoFormat picture = track.video().orElse(new VideoFormat(0, 0));
      out.writeInt(picture.width());
      out.writeInt(picture.height());
    } else {
      AudioFormat sound = track.audio().orElseThrow();
      out.writeDouble(sound.samplingHz());
      out.writeInt(sound.channels());
      out.writeInt(sound.bitDepth());
    }
  }

  static Track read(DataInputStream in) throws IOException {
    int number = in.readUnsignedByte();
    boolean video = in.readBoolean();
    String codecId = WorkerMessages.readText(in);
    byte[] setup =
        new byte[WorkerMessages.size(in.readInt(), MAX_SETUP_BYTES, "bytes of decoder setup")];
    in.readFully(setup);
    Optional<VideoFormat> picture = Optional.empty();
    Optional<AudioFormat> sound = Optional.empty();
    if (video) {
      VideoFormat read = new VideoFormat(in.readInt(), in.readInt());
      picture = read.width() > 0 && read.height() > 0 ? Optional.of(read) : Optional.empty();
    } else {
      sound = Optional.of(new AudioFormat(in.readDouble(), in.readInt(), in.readInt()));
    }
    return new Track(
        number,
        number,
        video ? TrackType.VIDEO : TrackType.AUDIO,
        "",
        codecId,
        CodecPrivateData.copyOf(setup),
        0,
        picture,
        sound);
  }
}
