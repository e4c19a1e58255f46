package io.millrace.media.mp4;

import io.millrace.media.aac.AacConfig;
import io.millrace.media.codec.Codec;
import io.millrace.media.codec.Framing;
import io.millrace.media.opus.OpusConfig;
import io.millrace.media.track.Frame;
import io.millrace.media.track.MediaException;
import io.millrace.media.track.Track;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * {@code moof} and {@code mdat} of one track of one fragment. Frames stay where they are: the
 * segment is a head and slices, copied once when it is sent.
 *
 * @param head moof and the header of mdat
 * @param payload content of mdat, in order; views that must not be moved
 * @param sizeBytes bytes of all of it
 * @param samples frames in it
 * @param startTicks earliest time in it, which is its tfdt
 * @param durationTicks sum of the durations
 */
public record MediaSegment(
    ByteBuffer head,
    List<ByteBuffer> payload,
    int sizeBytes,
    int samples,
    long startTicks,
    long durationTicks) {
  private static final int KEY_SAMPLE = 0x0200_0000;
  private static final int OTHER_SAMPLE = 0x0101_0000;
  private static final int DEFAULT_BASE_IS_MOOF = 0x02_0000;
  private static final int DEFAULT_FLAGS_PRESENT = 0x20;
  private static final int DATA_OFFSET_PRESENT = 0x1;
  private static final int DURATION_PRESENT = 0x100;
  private static final int SIZE_PRESENT = 0x200;
  private static final int FLAGS_PRESENT = 0x400;
  private static final int OFFSET_PRESENT = 0x800;
  private static final int MDAT_HEAD = 8;

  /**
   * Builds a segment.
   *
   * @param track H.264, H.265, VP9, AV1, AAC or Opus with valid setup bytes; frames of other tracks
   *     are left out
   * @param framing how the frames are packed
   * @param frames in decoding order, at least one of the track
   * @param baseNanos what becomes time zero; no frame may lie before it
   * @param lastFrameNanos from the last frame in presentation order to the next fragment; empty to
   *     take what the frame, the track or the frames before it say
   * @param sequenceNumber for {@code mfhd}, from 1
   * @throws MediaException if the setup bytes of the track cannot be read
   * @throws IllegalArgumentException if there is no frame or one lies before the base time
   */
  public static MediaSegment of(
      Track track,
      Framing framing,
      List<Frame> frames,
      long baseNanos,
      OptionalLong lastFrameNanos,
      int sequenceNumber)
      throws MediaException {
    List<Frame> own = frames.stream().filter(f -> f.trackNumber() == track.number()).toList();
    if (own.isEmpty()) {
      throw new IllegalArgumentException("no frame of track " + track.number());
    }
    Timescale scale = Timescale.of(track);
    boolean video = Codec.of(track).isVideo();
    SampleTimes times =
        video
            ? SampleTimes.video(own, scale, baseNanos, lastFrameNanos, track.defaultDurationNanos())
            : SampleTimes.audio(own, scale, baseNanos, lastFrameNanos, frameSamples(track, own));
    List<ByteBuffer> payload = new ArrayList<>(own.size());
    int[] sizes = new int[own.size()];
    long payloadBytes = 0;
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = SamplePayload.append(payload, own.get(i).data(), framing);
      payloadBytes += sizes[i];
    }
    ByteBuffer head = head(own, times, sizes, video, Math.toIntExact(payloadBytes), sequenceNumber);
    int last = sizes.length - 1;
    return new MediaSegment(
        head,
        List.copyOf(payload),
        Math.toIntExact(head.remaining() + payloadBytes),
        sizes.length,
        times.decode[0],
        times.decode[last] + times.durations[last] - times.decode[0]);
  }

  /** Samples of a frame; Opus tells it in each, and keeps to one length in practice. */
  private static int frameSamples(Track track, List<Frame> frames) throws MediaException {
    return Codec.of(track) == Codec.OPUS
        ? OpusConfig.samples(frames.getLast().data())
        : AacConfig.parse(track.codecPrivate().view()).outputFrameSamples();
  }

  private static ByteBuffer head(
      List<Frame> frames,
      SampleTimes times,
      int[] sizes,
      boolean video,
      int payloadBytes,
      int sequenceNumber) {
    boolean reordered = times.reordered();
    int perSample = 8 + (video ? 4 : 0) + (reordered ? 4 : 0);
    BoxWriter out = new BoxWriter(128 + perSample * sizes.length);
    out.open("moof").openFull("mfhd", 0, 0).int32(sequenceNumber).close().open("traf");
    out.openFull("tfhd", 0, DEFAULT_BASE_IS_MOOF | DEFAULT_FLAGS_PRESENT)
        .int32(InitSegment.TRACK_ID)
        .int32(video ? OTHER_SAMPLE : KEY_SAMPLE)
        .close();
    out.openFull("tfdt", 1, 0).int64(times.decode[0]).close();
    int flags =
        DATA_OFFSET_PRESENT
            | DURATION_PRESENT
            | SIZE_PRESENT
            | (video ? FLAGS_PRESENT : 0)
            | (reordered ? OFFSET_PRESENT : 0);
    out.openFull("trun", 1, flags).int32(sizes.length);
    int dataOffsetAt = out.size();
    out.int32(0);
    for (int i = 0; i < sizes.length; i++) {
      out.int32(times.durations[i]).int32(sizes[i]);
      if (video) {
        out.int32(frames.get(i).keyframe() ? KEY_SAMPLE : OTHER_SAMPLE);
      }
      if (reordered) {
        out.int32(times.offsets[i]);
      }
    }
    out.close().close().close();
    out.set32(dataOffsetAt, out.size() + MDAT_HEAD);
    out.int32(Math.addExact(payloadBytes, MDAT_HEAD)).text("mdat");
    return out.finish();
  }

  /** All of it in one new buffer, by one copy. */
  public ByteBuffer toByteBuffer() {
    ByteBuffer all = ByteBuffer.allocate(sizeBytes);
    writeTo(all);
    return all.flip();
  }

  /** Puts all of it into a buffer with at least {@link #sizeBytes} left. */
  public void writeTo(ByteBuffer target) {
    target.put(head.duplicate());
    for (ByteBuffer slice : payload) {
      target.put(slice.duplicate());
    }
  }
}
