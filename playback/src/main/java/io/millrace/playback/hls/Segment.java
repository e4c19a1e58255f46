package io.millrace.playback.hls;

import io.millrace.api.error.AwsError;
import io.millrace.media.mkv.MkvFragment;
import io.millrace.media.mp4.MediaSegment;
import io.millrace.media.track.Frame;
import io.millrace.media.track.MediaException;
import io.millrace.store.fragment.FragmentEntry;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.OptionalLong;

/**
 * A media segment ready to be sent. Its times are epoch times on the producer's clock, so that it
 * is the same for every session and track follows track without drift.
 */
record Segment(FragmentEntry entry, Buffer bytes) {

  /**
   * Remuxes one track of a stored fragment.
   *
   * @throws io.millrace.api.error.AwsException when the fragment has no such track or frame
   */
  static Segment build(
      FragmentEntry entry, MkvFragment fragment, StreamFormat format, int trackNumber) {
    PlayableTrack playable = format.track(trackNumber);
    long baseNanos = fragment.clusterTimecodeNanos() - entry.producerTimeNanos();
    return of(entry, playable, fragment.frames(), baseNanos);
  }

  /**
   * Makes a segment of frames.
   *
   * @param frames in decoding order
   * @param baseNanos the time of the frames that is the epoch
   * @throws io.millrace.api.error.AwsException when there is no frame
   */
  static Segment of(
      FragmentEntry entry, PlayableTrack playable, List<Frame> frames, long baseNanos) {
    try {
      MediaSegment made =
          MediaSegment.of(
              playable.track(),
              playable.framing(),
              frames,
              baseNanos,
              OptionalLong.empty(),
              sequenceNumber(entry));
      Buffer bytes = Buffer.buffer(made.sizeBytes());
      bytes.setBytes(0, made.toByteBuffer());
      return new Segment(entry, bytes);
    } catch (IllegalArgumentException e) {
      throw AwsError.RESOURCE_NOT_FOUND.because("The fragment cannot be played: " + e.getMessage());
    } catch (MediaException e) {
      throw AwsError.INVALID_MEDIA_FRAME.because(
          "The fragment cannot be played: " + e.getMessage());
    }
  }

  private static int sequenceNumber(FragmentEntry entry) {
    return (int) (entry.number().counter() % Integer.MAX_VALUE) + 1;
  }
}
