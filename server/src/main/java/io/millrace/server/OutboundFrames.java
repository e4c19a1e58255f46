package io.millrace.server;

import io.millrace.ingest.outbound.FrameReading;
import io.millrace.ingest.outbound.FrameSource;
import io.millrace.media.track.Track;
import io.millrace.playback.reading.Reading;
import io.millrace.playback.reading.Readings;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gives the senders of the ingest room the frames that the playback room reads. */
final class OutboundFrames implements FrameSource {
  private final Readings readings;

  OutboundFrames(Readings readings) {
    this.readings = readings;
  }

  @Override
  public Future<FrameReading> live(Context context, String stream) {
    return readings.live(context, stream).map(OutboundFrames::adapt);
  }

  @Override
  public Future<FrameReading> replay(
      Context context, String stream, long startNanos, long endNanos) {
    return readings.replay(context, stream, startNanos, endNanos).map(OutboundFrames::adapt);
  }

  private static FrameReading adapt(Reading reading) {
    return new FrameReading() {
      @Override
      public List<Track> tracks() {
        return reading.tracks();
      }

      @Override
      public Future<@Nullable OutFrame> next() {
        return reading
            .next()
            .map(
                frame ->
                    frame == null
                        ? null
                        : new OutFrame(
                            frame.track(),
                            frame.captureNanos(),
                            frame.keyframe(),
                            frame.afterGap(),
                            frame.data()));
      }

      @Override
      public void close() {
        reading.close();
      }
    };
  }
}
