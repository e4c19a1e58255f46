package io.millrace.playback.frame.worker;

import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_QUIET;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;
import static org.bytedeco.ffmpeg.global.avutil.av_max_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_version_info;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.javacpp.Loader;

/**
 * Main class of a decoder worker: says hello, then answers jobs until its input ends. It trusts
 * nothing it is asked to decode; whatever a bitstream does to it, only this process suffers.
 */
public final class DecoderWorkerMain {
  /** Largest single allocation libav may make. */
  private static final long MAX_ALLOCATION_BYTES = 256L << 20;

  private DecoderWorkerMain() {}

  /**
   * Takes the number of decoding threads. Exit status 0 when the input ended, 1 on a broken pipe or
   * protocol.
   */
  public static void main(String[] args) {
    int cores = Runtime.getRuntime().availableProcessors();
    int threads = Math.min(cores, Integer.parseInt(args[0]));
    int status = 1;
    try (FileChannel in = new FileInputStream(FileDescriptor.in).getChannel();
        FileChannel out = new FileOutputStream(FileDescriptor.out).getChannel()) {
      status = serve(new PipeReader(in), new PipeWriter(out), threads);
    } catch (IOException e) {
      System.err.println("decoder worker: " + e);
    }
    Runtime.getRuntime().halt(status);
  }

  private static int serve(PipeReader in, PipeWriter out, int threads) throws IOException {
    out.writeInt(WorkerProtocol.HELLO).writeText(load()).flush();
    while (true) {
      int word;
      try {
        word = in.readInt();
      } catch (IOException e) {
        return 0;
      }
      switch (word) {
        case WorkerProtocol.JOB -> DecodeJob.serve(in, out, threads);
        case WorkerProtocol.SOUND -> SoundJob.serve(in, out);
        default -> throw new IOException("not a job: 0x" + Integer.toHexString(word));
      }
    }
  }

  private static String load() {
    try {
      Loader.load(avutil.class);
      Loader.load(avcodec.class);
      Loader.load(swscale.class);
      av_log_set_level(AV_LOG_QUIET);
      av_max_alloc(MAX_ALLOCATION_BYTES);
      return av_version_info().getString();
    } catch (LinkageError | RuntimeException e) {
      return "!" + e;
    }
  }
}
