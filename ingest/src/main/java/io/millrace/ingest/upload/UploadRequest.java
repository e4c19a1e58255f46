package io.millrace.ingest.upload;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.api.wire.OperationContext;
import io.millrace.ingest.control.StreamOnDemand;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What the address of an upload says.
 *
 * @param streamName stream to add to
 * @param startNanos epoch ns of the file's time zero; empty to keep absolute times, or to begin now
 * @param create whether to make the stream when there is none
 * @param retentionHours retention of a stream that is made
 */
record UploadRequest(
    String streamName, OptionalLong startNanos, boolean create, OptionalInt retentionHours) {
  private static final long LATEST_SECOND = 9_000_000_000L;
  private static final int MAX_RETENTION_HOURS = 87_600;

  /**
   * @throws AwsException INVALID_ARGUMENT
   */
  static UploadRequest of(OperationContext context) {
    String name = context.pathParameter("name");
    if (!StreamOnDemand.isName(name)) {
      throw AwsError.INVALID_ARGUMENT.because("A stream name must match [a-zA-Z0-9_.-]{1,256}");
    }
    String create = context.queryParameter("create").orElse("false");
    if (!create.equals("true") && !create.equals("false")) {
      throw AwsError.INVALID_ARGUMENT.because("'create' must be true or false");
    }
    return new UploadRequest(
        name,
        context.queryParameter("start").stream().mapToLong(UploadRequest::nanos).findFirst(),
        create.equals("true"),
        context.queryParameter("retention-hours").stream()
            .mapToInt(UploadRequest::hours)
            .findFirst());
  }

  private static long nanos(String text) {
    try {
      // A plus in a query is a space to form decoders; people write offsets with one.
      Instant start = OffsetDateTime.parse(text.replace(' ', '+')).toInstant();
      if (start.getEpochSecond() >= 0 && start.getEpochSecond() < LATEST_SECOND) {
        return start.getEpochSecond() * 1_000_000_000L + start.getNano();
      }
    } catch (DateTimeException e) {
      throw notATime();
    }
    throw notATime();
  }

  private static AwsException notATime() {
    return AwsError.INVALID_ARGUMENT.because(
        "'start' must be a time such as 2026-11-21T08:00:00.000Z (RFC 3339), from 1970 to 2255");
  }

  private static int hours(String text) {
    if (text.matches("[0-9]{1,5}") && Integer.parseInt(text) <= MAX_RETENTION_HOURS) {
      return Integer.parseInt(text);
    }
    throw AwsError.INVALID_ARGUMENT.because(
        "'retention-hours' must be a number from 0 to " + MAX_RETENTION_HOURS);
  }
}
