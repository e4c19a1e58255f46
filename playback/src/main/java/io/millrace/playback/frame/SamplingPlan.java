package io.millrace.playback.frame;

import io.millrace.api.error.AwsError;
import io.millrace.playback.frame.PictureFormat.Encoding;
import io.millrace.playback.source.Nanos;
import io.millrace.playback.source.PageToken;
import io.millrace.playback.source.SourceStream;
import io.millrace.store.fragment.FragmentQuery.TimeAxis;
import java.time.Duration;
import java.util.List;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.Format;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.FormatConfigKey;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.GetImagesRequest;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.ImageSelectorType;

/**
 * Which instants a GetImages request samples, and how its pictures are encoded.
 *
 * @param axis clock of the instants
 * @param startNanos first instant of the range, epoch ns
 * @param endNanos last instant of the range, inclusive
 * @param intervalNanos from one instant to the next
 * @param first index of the first instant of this page
 * @param limit most instants in this page
 * @param format of the pictures
 */
record SamplingPlan(
    TimeAxis axis,
    long startNanos,
    long endNanos,
    long intervalNanos,
    int first,
    int limit,
    PictureFormat format) {
  private static final String TOKEN = "GetImages";
  private static final Duration LONGEST = Duration.ofMinutes(5);
  private static final int LEAST_INTERVAL_MILLIS = 200;
  private static final int DEFAULT_INTERVAL_MILLIS = 3_000;
  private static final int DEFAULT_RESULTS = 25;

  /**
   * Reads a request.
   *
   * @throws io.millrace.api.error.AwsException INVALID_ARGUMENT
   */
  static SamplingPlan of(SourceStream stream, GetImagesRequest request) {
    long start = Nanos.of(request.startTimestamp());
    long end = Nanos.of(request.endTimestamp());
    if (start > end) {
      throw AwsError.INVALID_ARGUMENT.because("StartTimestamp must not be after EndTimestamp");
    }
    if (end - start > LONGEST.toNanos()) {
      throw AwsError.INVALID_ARGUMENT.because(
          "The time between StartTimestamp and EndTimestamp must not be longer than 300 seconds");
    }
    int interval =
        request.samplingInterval() == null ? DEFAULT_INTERVAL_MILLIS : request.samplingInterval();
    if (interval < LEAST_INTERVAL_MILLIS) {
      throw AwsError.INVALID_ARGUMENT.because("SamplingInterval must be at least 200 ms");
    }
    TimeAxis axis =
        request.imageSelectorType() == ImageSelectorType.PRODUCER_TIMESTAMP
            ? TimeAxis.PRODUCER
            : TimeAxis.SERVER;
    return new SamplingPlan(
        axis,
        start,
        end,
        interval * Nanos.PER_MILLI,
        request.nextToken() == null ? 0 : first(stream, request.nextToken()),
        request.maxResults() == null ? DEFAULT_RESULTS : Math.toIntExact(request.maxResults()),
        format(request));
  }

  private static PictureFormat format(GetImagesRequest request) {
    String quality =
        request.formatConfig() == null
            ? null
            : request.formatConfig().get(FormatConfigKey.JPEG_QUALITY);
    if (quality != null && !quality.matches("[1-9][0-9]?|100")) {
      throw AwsError.INVALID_ARGUMENT.because("JPEGQuality must be a number from 1 to 100");
    }
    return new PictureFormat(
        request.format() == Format.PNG ? Encoding.PNG : Encoding.JPEG,
        quality == null ? PictureFormat.DEFAULT_QUALITY : Integer.parseInt(quality),
        request.widthPixels() == null ? 0 : request.widthPixels(),
        request.heightPixels() == null ? 0 : request.heightPixels());
  }

  private static int first(SourceStream stream, String token) {
    List<String> fields = PageToken.read(TOKEN, 2, token);
    if (!fields.getFirst().equals(stream.key()) || !fields.get(1).matches("[0-9]{1,6}")) {
      throw PageToken.invalid();
    }
    return Integer.parseInt(fields.get(1));
  }

  String token(SourceStream stream, int next) {
    return PageToken.write(TOKEN, List.of(stream.key(), next));
  }

  /** Instants in all pages. */
  int instants() {
    return Math.toIntExact((endNanos - startNanos) / intervalNanos + 1);
  }

  long instant(int index) {
    return startNanos + index * intervalNanos;
  }
}
