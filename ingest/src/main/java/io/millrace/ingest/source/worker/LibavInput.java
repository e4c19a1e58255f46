package io.millrace.ingest.source.worker;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MJPEG;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avformat.av_find_best_stream;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EIO;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_AUDIO;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_rescale_q;

import io.millrace.ingest.source.worker.WorkerMessages.Declared;
import io.millrace.ingest.source.worker.WorkerMessages.FrameRead;
import io.millrace.ingest.source.worker.WorkerMessages.Opened;
import io.millrace.ingest.source.worker.WorkerMessages.Order;
import io.millrace.ingest.source.worker.WorkerMessages.Ready;
import io.millrace.media.track.MediaException;
import io.millrace.media.track.Track;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/** Opens one source with libavformat and hands its frames on. */
final class LibavInput implements AutoCloseable {
  /** First frames that may wait until every track is known and all that was held has come. */
  private static final int MAX_HELD_FRAMES = 256;

  /** What takes longer to come than this was not held by libav. */
  private static final long HELD_NANOS = 10_000_000;

  /** Times further apart than this are no pace but a jump. */
  private static final long MAX_PACE_NANOS = 10_000_000_000L;

  private final Order order;
  private final LastComplaint complaint;
  private final AVRational nanos = new AVRational().num(1).den(1_000_000_000);
  private final Map<Integer, FrameShaper> shapers = new TreeMap<>();
  private final Deque<FrameRead> held = new ArrayDeque<>();
  private @Nullable AVFormatContext context;
  private boolean timeless;
  private boolean ready;
  private boolean paceBegun;
  private long paceOffsetNanos;

  LibavInput(Order order, LastComplaint complaint) {
    this.order = order;
    this.complaint = complaint;
  }

  /** Reads until the end; returns why it ended. */
  String read(DataOutputStream out) throws LibavFailure, IOException {
    AVFormatContext open = open();
    List<String> others = chooseTracks(open);
    if (shapers.isEmpty()) {
      throw new LibavFailure("the source sends nothing that can be stored: " + others);
    }
    WorkerMessages.write(out, new Opened(others));
    out.flush();
    AVPacket packet = av_packet_alloc();
    try {
      while (true) {
        long beganNanos = System.nanoTime();
        int code = av_read_frame(open, packet);
        boolean live = System.nanoTime() - beganNanos > HELD_NANOS;
        if (code == AVERROR_EOF()) {
          if (!ready) {
            release(out);
          }
          return "the source ended";
        }
        LibavFailure.check(code, "the source cannot be read any more");
        FrameRead frame = frame(open, packet);
        av_packet_unref(packet);
        if (frame != null) {
          hand(frame, live, out);
        }
      }
    } finally {
      av_packet_free(packet);
    }
  }

  private AVFormatContext open() throws LibavFailure {
    AVFormatContext made = avformat_alloc_context();
    AVDictionary options = new AVDictionary(null);
    order.options().forEach((name, value) -> av_dict_set(options, name, value, 0));
    // A failure frees the context.
    int code = avformat_open_input(made, order.url(), (AVInputFormat) null, options);
    av_dict_free(options);
    if (code == AVERROR_EIO() && !complaint.words().isEmpty()) {
      throw new LibavFailure("cannot open the source: " + complaint.words());
    }
    LibavFailure.check(code, "cannot open the source");
    context = made;
    LibavFailure.check(
        avformat_find_stream_info(made, (PointerPointer<?>) null), "cannot read the source");
    timeless = made.iformat().name().getString().equals("mpjpeg");
    return made;
  }

  /** The best picture and the best sound are read; the rest is not even fetched. */
  private List<String> chooseTracks(AVFormatContext open) throws LibavFailure {
    int video = best(open, AVMEDIA_TYPE_VIDEO, -1);
    int sound = best(open, AVMEDIA_TYPE_AUDIO, video);
    List<String> others = new ArrayList<>();
    for (int i = 0; i < open.nb_streams(); i++) {
      AVStream stream = open.streams(i);
      Optional<Track> track =
          i == video || i == sound
              ? LibavTracks.of(shapers.size() + 1, stream.codecpar())
              : Optional.empty();
      if (track.isEmpty()) {
        stream.discard(avcodec.AVDISCARD_ALL);
        others.add(LibavTracks.name(stream.codecpar()));
        continue;
      }
      try {
        shapers.put(i, FrameShaper.of(track.get()));
      } catch (MediaException e) {
        throw new LibavFailure("the decoder setup cannot be read: " + e.getMessage());
      }
    }
    return others;
  }

  private static int best(AVFormatContext open, int type, int related) {
    return av_find_best_stream(open, type, -1, related, (PointerPointer<?>) null, 0);
  }

  private @Nullable FrameRead frame(AVFormatContext open, AVPacket packet) throws LibavFailure {
    FrameShaper shaper = shapers.get(packet.stream_index());
    if (shaper == null || packet.size() <= 0) {
      return null;
    }
    if (packet.size() > order.maxFrameBytes()) {
      throw new LibavFailure(
          "a frame of %d bytes, beyond %d".formatted(packet.size(), order.maxFrameBytes()));
    }
    byte[] bytes = new byte[packet.size()];
    packet.data().get(bytes);
    AVStream stream = open.streams(packet.stream_index());
    boolean keyframe =
        shaper.track().audio().isPresent()
            || (packet.flags() & AV_PKT_FLAG_KEY) != 0
            || stream.codecpar().codec_id() == AV_CODEC_ID_MJPEG;
    try {
      ByteBuffer shaped = shaper.shape(ByteBuffer.wrap(bytes));
      return shaped == null
          ? null
          : new FrameRead(shaper.track().number(), keyframe, time(stream, packet), shaped);
    } catch (MediaException e) {
      throw new LibavFailure("a frame cannot be read: " + e.getMessage());
    }
  }

  private long time(AVStream stream, AVPacket packet) {
    long time = packet.pts() != AV_NOPTS_VALUE ? packet.pts() : packet.dts();
    return timeless || time == AV_NOPTS_VALUE
        ? WorkerMessages.NO_TIME
        : av_rescale_q(time, stream.time_base(), nanos);
  }

  /**
   * @param live whether it was waited for: what libav read ahead to know the source comes at once
   */
  private void hand(FrameRead frame, boolean live, DataOutputStream out) throws IOException {
    if (ready) {
      send(frame, out);
      return;
    }
    held.add(frame);
    boolean known = shapers.values().stream().allMatch(FrameShaper::isKnown);
    if ((!known || !(live || order.paced())) && held.size() < MAX_HELD_FRAMES) {
      return;
    }
    release(out);
  }

  private void release(DataOutputStream out) throws IOException {
    ready = true;
    shapers.values().removeIf(shaper -> !shaper.isKnown());
    for (FrameShaper shaper : shapers.values()) {
      WorkerMessages.write(out, new Declared(shaper.track()));
    }
    WorkerMessages.write(out, new Ready(heldNanos()));
    for (FrameRead first = held.poll(); first != null; first = held.poll()) {
      send(first, out);
    }
  }

  private void send(FrameRead frame, DataOutputStream out) throws IOException {
    pace(frame.timeNanos());
    WorkerMessages.write(out, frame);
    out.flush();
  }

  /** From the first frame held to the newest; only where frames come by themselves. */
  private long heldNanos() {
    long first = WorkerMessages.NO_TIME;
    long newest = WorkerMessages.NO_TIME;
    for (FrameRead frame : held) {
      first = first == WorkerMessages.NO_TIME ? frame.timeNanos() : first;
      newest = Math.max(newest, frame.timeNanos());
    }
    long age = newest - first;
    return order.paced() || age > MAX_PACE_NANOS ? 0 : age;
  }

  /** Waits until it is time for a frame of a source that could be read faster. */
  private void pace(long timeNanos) {
    if (!order.paced() || timeNanos == WorkerMessages.NO_TIME) {
      return;
    }
    long early = timeNanos + paceOffsetNanos - System.nanoTime();
    if (!paceBegun || Math.abs(early) > MAX_PACE_NANOS) {
      paceBegun = true;
      paceOffsetNanos = System.nanoTime() - timeNanos;
      return;
    }
    long untilNanos = System.nanoTime() + early;
    for (long left = early; left > 0; left = untilNanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  @Override
  public void close() {
    AVFormatContext open = context;
    if (open != null) {
      avformat_close_input(open);
    }
  }
}
