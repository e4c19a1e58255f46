package io.millrace.playback.frame.worker;

import static org.bytedeco.ffmpeg.global.avcodec.av_new_packet;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;

import java.io.IOException;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVPacket;

/** One job: decodes frames of sound onto a stretch of samples and encodes it. */
final class SoundJob {
  private final PipeReader in;
  private final int channels;
  private final SoundStretch stretch;
  private int framesLeft;

  private SoundJob(PipeReader in, int channels, int samples, int frames) {
    this.in = in;
    this.channels = channels;
    this.stretch = new SoundStretch(channels, samples);
    this.framesLeft = frames;
  }

  /** Reads a job, without its first word, and answers it. */
  static void serve(PipeReader in, PipeWriter out) throws IOException {
    String codec = in.readText();
    int samplingHz = in.readInt();
    int channels = in.readByte();
    int bitsPerSecond = in.readInt();
    int most = WorkerProtocol.MAX_SOUND_SAMPLES / AacEncoder.BLOCK / Math.max(1, channels);
    int blocks = in.readSize(most, "blocks of sound");
    int frames = in.readSize(WorkerProtocol.MAX_UNITS, "frames of sound");
    SoundJob job = new SoundJob(in, channels, blocks * AacEncoder.BLOCK, frames);
    List<AacEncoder.Encoded> encoded = List.of();
    String error = job.decode(codec, samplingHz);
    if (error.isEmpty()) {
      try {
        encoded = job.encode(samplingHz, bitsPerSecond, blocks);
      } catch (LibavException e) {
        error = String.valueOf(e.getMessage());
      }
    }
    out.writeInt(WorkerProtocol.REPLY).writeText(error).writeLong(ResidentMemory.bytes());
    out.writeInt(encoded.size());
    for (AacEncoder.Encoded frame : encoded) {
      out.writeLong(frame.sample()).writeBytes(frame.data());
    }
    out.flush();
  }

  /** Reads all frames whatever happens; returns what went wrong with the whole job, or "". */
  private String decode(String codec, int samplingHz) throws IOException {
    AVPacket packet = av_packet_alloc();
    try (SoundDecoder decoder = new SoundDecoder(codec, samplingHz, channels)) {
      while (framesLeft > 0) {
        long sample = readFrame(packet);
        try {
          stretch.put(sample, decoder.decode(packet));
        } finally {
          av_packet_unref(packet);
        }
      }
      return "";
    } catch (LibavException e) {
      while (framesLeft > 0) {
        readFrame(packet);
        av_packet_unref(packet);
      }
      return String.valueOf(e.getMessage());
    } finally {
      av_packet_free(packet);
    }
  }

  private long readFrame(AVPacket packet) throws IOException {
    long sample = in.readLong();
    int size = in.readSize(WorkerProtocol.MAX_UNIT_BYTES, "frame of sound");
    if (av_new_packet(packet, size) < 0) {
      throw new IOException("no memory for a frame of " + size + " bytes");
    }
    if (size > 0) {
      in.readFully(packet.data().capacity(size).asByteBuffer());
    }
    framesLeft--;
    return sample;
  }

  private List<AacEncoder.Encoded> encode(int samplingHz, int bitsPerSecond, int blocks)
      throws LibavException {
    try (AacEncoder encoder = new AacEncoder(samplingHz, channels, bitsPerSecond)) {
      for (int block = 0; block < blocks; block++) {
        encoder.encode(stretch.samples(), block * AacEncoder.BLOCK);
      }
      return encoder.encoded();
    }
  }
}
