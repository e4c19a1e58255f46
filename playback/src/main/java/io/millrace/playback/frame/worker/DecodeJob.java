package io.millrace.playback.frame.worker;

import static org.bytedeco.ffmpeg.avutil.AVFrame.AV_FRAME_FLAG_CORRUPT;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avcodec.av_new_packet;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.jspecify.annotations.Nullable;

/**
 * One job: reads access units from the pipe straight into packets, decodes as they come, and keeps
 * the encoded pictures, outside the heap, until the reply is written.
 */
final class DecodeJob implements AutoCloseable {
  private sealed interface Outcome {}

  private record Encoded(AVPacket packet, int width, int height, long sourcePixels)
      implements Outcome {}

  private record Missing(String reason) implements Outcome {}

  private static final Missing NOT_SHOWN =
      new Missing("the decoder gave no picture for this frame");

  /** Runs of frames shorter than this are decoded soonest by one thread. */
  private static final int THREADED_UNITS = 6;

  /** Outcome by presentation time, in the order the pictures were asked for. */
  private final Map<Long, Outcome> outcomes = new LinkedHashMap<>();

  private final PictureEncoder.Request request;
  private @Nullable PictureEncoder encoder;
  private long encoderPixels;
  private long encodedBytes;
  private int unitsRead;

  private DecodeJob(PictureEncoder.Request request) {
    this.request = request;
  }

  /**
   * Reads a job, without its first word, and answers it.
   *
   * @param threads for jobs of many frames
   */
  static void serve(PipeReader in, PipeWriter out, int threads) throws IOException {
    String codecId = in.readText();
    byte[] codecPrivate =
        new byte[in.readSize(WorkerProtocol.MAX_PRIVATE_BYTES, "codec private data")];
    in.readFully(ByteBuffer.wrap(codecPrivate));
    PictureEncoder.Request request =
        new PictureEncoder.Request(in.readByte() == 1, in.readInt(), in.readInt(), in.readInt());
    try (DecodeJob job = new DecodeJob(request)) {
      String error = job.decode(codecId, codecPrivate, threads, in);
      job.reply(error, out);
    }
  }

  /** Reads all units whatever happens; returns what went wrong with the whole job, or "". */
  private String decode(String codecId, byte[] codecPrivate, int threads, PipeReader in)
      throws IOException {
    int units = in.readSize(WorkerProtocol.MAX_UNITS, "access units");
    AVPacket packet = av_packet_alloc();
    int used = units < THREADED_UNITS ? 1 : threads;
    try (VideoDecoder decoder = new VideoDecoder(codecId, codecPrivate, used, this::picture)) {
      while (unitsRead < units) {
        decodeUnit(decoder, packet, in);
      }
      decoder.flush();
      return "";
    } catch (LibavException e) {
      while (unitsRead < units) {
        readUnit(packet, in);
        av_packet_unref(packet);
      }
      return String.valueOf(e.getMessage());
    } finally {
      av_packet_free(packet);
    }
  }

  private void decodeUnit(VideoDecoder decoder, AVPacket packet, PipeReader in)
      throws IOException, LibavException {
    boolean wanted = readUnit(packet, in);
    try {
      if (wanted) {
        outcomes.put(packet.pts(), NOT_SHOWN);
      }
      String complaint = decoder.decode(packet, wanted);
      if (complaint != null && wanted && outcomes.get(packet.pts()) == NOT_SHOWN) {
        outcomes.put(packet.pts(), new Missing("the frame cannot be decoded: " + complaint));
      }
    } finally {
      av_packet_unref(packet);
    }
  }

  private boolean readUnit(AVPacket packet, PipeReader in) throws IOException {
    long pts = in.readLong();
    boolean wanted = in.readByte() == 1;
    int size = in.readSize(WorkerProtocol.MAX_UNIT_BYTES, "access unit");
    if (av_new_packet(packet, size) < 0) {
      throw new IOException("no memory for an access unit of " + size + " bytes");
    }
    if (size > 0) {
      in.readFully(packet.data().capacity(size).asByteBuffer());
    }
    packet.pts(pts);
    if (unitsRead == 0) {
      packet.flags(packet.flags() | AV_PKT_FLAG_KEY);
    }
    unitsRead++;
    return wanted;
  }

  private void picture(AVFrame frame) throws LibavException {
    long pts = frame.pts();
    long pixels = (long) frame.width() * frame.height();
    Outcome before = outcomes.get(pts);
    if (before == null || (before instanceof Encoded encoded && encoded.sourcePixels >= pixels)) {
      return;
    }
    if (frame.decode_error_flags() != 0 || (frame.flags() & AV_FRAME_FLAG_CORRUPT) != 0) {
      outcomes.put(pts, new Missing("the frame is damaged"));
      return;
    }
    if (before instanceof Encoded lower) {
      // Spatial layers of one picture come one after the other, the largest last.
      encodedBytes -= lower.packet.size();
      av_packet_free(lower.packet);
      outcomes.put(pts, NOT_SHOWN);
    }
    if (encoder != null && before instanceof Encoded && pixels > encoderPixels) {
      encoder.close();
      encoder = null;
    }
    if (encoder == null) {
      encoder = new PictureEncoder(request, frame.width(), frame.height());
      encoderPixels = pixels;
    }
    AVPacket encoded = encoder.encode(frame);
    if (encodedBytes + encoded.size() > WorkerProtocol.MAX_REPLY_BYTES) {
      av_packet_free(encoded);
      outcomes.put(pts, new Missing("the pictures of one answer take too much memory"));
      return;
    }
    encodedBytes += encoded.size();
    outcomes.put(pts, new Encoded(encoded, encoder.width(), encoder.height(), pixels));
  }

  private void reply(String error, PipeWriter out) throws IOException {
    out.writeInt(WorkerProtocol.REPLY).writeText(error).writeLong(ResidentMemory.bytes());
    out.writeInt(outcomes.size());
    for (Map.Entry<Long, Outcome> entry : outcomes.entrySet()) {
      out.writeLong(entry.getKey());
      switch (entry.getValue()) {
        case Encoded(AVPacket packet, int width, int height, long unused) -> {
          out.writeInt(width).writeInt(height);
          out.writeBytes(packet.data().capacity(packet.size()).asByteBuffer());
        }
        case Missing(String reason) -> out.writeInt(0).writeInt(0).writeText(reason);
      }
    }
    out.flush();
  }

  @Override
  public void close() {
    for (Outcome outcome : outcomes.values()) {
      if (outcome instanceof Encoded encoded) {
        av_packet_free(encoded.packet);
      }
    }
    if (encoder != null) {
      encoder.close();
    }
  }
}
