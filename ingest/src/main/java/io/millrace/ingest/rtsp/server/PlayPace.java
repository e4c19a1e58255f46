package io.millrace.ingest.rtsp.server;

import io.millrace.ingest.rtsp.message.RtspRequest;
import io.millrace.ingest.rtsp.message.RtspStatus;
import io.millrace.ingest.rtsp.request.MediaPath;
import io.millrace.ingest.rtsp.request.RequestRefused;
import java.util.regex.Pattern;

/**
 * How fast frames of the past are sent. Time stamps are those of capture whatever the pace.
 *
 * @param speed of the sender's clock against the camera's; 0: as fast as the reader takes them
 */
record PlayPace(double speed) {
  /** Frames are sent as they come. */
  static final PlayPace UNPACED = new PlayPace(0);

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,4}(\\.[0-9]{1,6})?");
  private static final double SLOWEST = 0.01;
  private static final double FASTEST = 1000;

  /** What {@code speed=} of a URI asks for. */
  static PlayPace ofPath(MediaPath path) {
    String speed = path.parameters().getOrDefault("speed", "");
    return speed.isEmpty() ? new PlayPace(1) : parse(speed);
  }

  /**
   * What a PLAY asks for: {@code Rate-Control: no} (ONVIF Streaming Specification section 6.4),
   * {@code Speed} or {@code Scale}.
   */
  static PlayPace of(MediaPath path, RtspRequest request) {
    if (request.headers().value("Rate-Control").orElse("").equalsIgnoreCase("no")) {
      return UNPACED;
    }
    return request
        .headers()
        .value("Speed")
        .or(() -> request.headers().value("Scale"))
        .map(PlayPace::parse)
        .orElseGet(() -> ofPath(path));
  }

  private static PlayPace parse(String text) {
    double speed = NUMBER.matcher(text).matches() ? Double.parseDouble(text) : 0;
    if (speed < SLOWEST || speed > FASTEST) {
      throw new RequestRefused(
          RtspStatus.HEADER_FIELD_NOT_VALID, "A speed is from 0.01 to 1000, and forwards");
    }
    return new PlayPace(speed);
  }

  /** What the reader is told, empty where there is no pace. */
  String told() {
    return speed == 0 ? "" : String.valueOf(speed);
  }

  /** Nanoseconds from one moment to send to another. */
  long sendNanos(long captureNanos) {
    return speed == 0 ? 0 : Math.round(captureNanos / speed);
  }
}
