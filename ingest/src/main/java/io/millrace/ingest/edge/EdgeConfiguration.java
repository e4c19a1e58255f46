package io.millrace.ingest.edge;

import java.util.Optional;
import software.amazon.awssdk.services.kinesisvideo.model.EdgeConfig;
import software.amazon.awssdk.services.kinesisvideo.model.MediaSourceConfig;
import software.amazon.awssdk.services.kinesisvideo.model.ScheduleConfig;

/**
 * The edge configuration of one stream.
 *
 * @param stream its name
 * @param streamCreatedMillis epoch milliseconds of the stream's creation: a stream made again is
 *     another one
 * @param createdMillis epoch milliseconds at which the stream first got one
 * @param updatedMillis epoch milliseconds of the last change
 * @param config as the client gave it
 */
record EdgeConfiguration(
    String stream,
    long streamCreatedMillis,
    long createdMillis,
    long updatedMillis,
    EdgeConfig config) {

  /** The secret that holds the camera's address. */
  MediaSourceConfig camera() {
    return config.recorderConfig().mediaSourceConfig();
  }

  /** When it records; empty: always. */
  Optional<Schedule> schedule() {
    ScheduleConfig asked = config.recorderConfig().scheduleConfig();
    return asked == null ? Optional.empty() : Optional.of(Schedule.of(asked));
  }
}
