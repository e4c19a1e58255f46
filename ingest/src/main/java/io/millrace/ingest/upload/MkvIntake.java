package io.millrace.ingest.upload;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.ingest.fragmenter.FragmentRefused;
import io.millrace.media.mkv.FrameEvent;
import io.millrace.media.mkv.MkvDemuxer;
import io.millrace.media.mkv.MkvHeader;
import io.millrace.media.mkv.MkvListener;
import io.millrace.media.mkv.MkvSettings;
import io.millrace.media.track.MediaException;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;

/** Reads a Matroska body as it arrives. */
final class MkvIntake implements MkvListener {
  private final FrameIntake frames;
  private final MkvDemuxer demuxer =
      new MkvDemuxer(MkvSettings.LIVE.withDeliveredBytes(Integer.MAX_VALUE), this);

  MkvIntake(FrameIntake frames) {
    this.frames = frames;
  }

  /**
   * @throws AwsException MALFORMED_MEDIA
   */
  void feed(Buffer piece) {
    try {
      demuxer.feed(ByteBuffer.wrap(piece.getBytes()));
    } catch (MediaException e) {
      throw malformed(e);
    } catch (FragmentRefused e) {
      throw AwsError.MALFORMED_MEDIA.because(e.what());
    }
  }

  /**
   * The body is complete.
   *
   * @throws AwsException MALFORMED_MEDIA if it stops inside an element
   */
  void end() {
    try {
      demuxer.end();
      frames.end();
    } catch (MediaException e) {
      throw malformed(e);
    } catch (FragmentRefused e) {
      throw AwsError.MALFORMED_MEDIA.because(e.what());
    }
  }

  private static AwsException malformed(MediaException e) {
    return AwsError.MALFORMED_MEDIA.because(String.valueOf(e.getMessage()));
  }

  @Override
  public void header(MkvHeader header, long endOffset) {
    frames.begin(header.tracks());
  }

  @Override
  public void frame(FrameEvent frame) {
    frames.add(
        frame.trackNumber(),
        frame.ptsNanos(),
        frame.durationNanos(),
        frame.keyframe(),
        frame.data());
  }
}
