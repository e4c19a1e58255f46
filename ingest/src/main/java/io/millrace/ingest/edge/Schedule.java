package io.millrace.ingest.edge;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import software.amazon.awssdk.services.kinesisvideo.model.ScheduleConfig;

/**
 * When something is done: from each time of an expression on, for a duration.
 *
 * @param times beginnings
 * @param duration from each of them on; overlapping ones are one
 */
record Schedule(CronExpression times, Duration duration) {
  /**
   * Reads what a client gave.
   *
   * @throws IllegalArgumentException if the expression cannot be read, with why
   */
  static Schedule of(ScheduleConfig config) {
    return new Schedule(
        CronExpression.parse(config.scheduleExpression()),
        Duration.ofSeconds(config.durationInSeconds()));
  }

  /** Whether an instant lies in one of its spans. */
  boolean covers(Instant now, ZoneId zone) {
    return times.firesWithin(
        now.minus(duration).atZone(zone).toLocalDateTime(), now.atZone(zone).toLocalDateTime());
  }
}
